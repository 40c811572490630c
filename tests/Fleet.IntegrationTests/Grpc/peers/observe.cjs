// What the grpc-js clients have in common: the service, a credential, everything that can be seen of a call, and one line of JSON for each scenario.
'use strict';
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const load = (file) => grpc.loadPackageDefinition(loader.loadSync(file, { longs: Number, defaults: true }));

const allowed = () => {
  const metadata = new grpc.Metadata();
  metadata.set('authorization', 'Bearer right');
  return metadata;
};

const plain = (metadata) => Object.fromEntries(Object.keys(metadata.getMap()).map((key) =>
  [key, metadata.get(key).map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value))]));

const observe = (call, result) => new Promise((resolve) => {
  call.on('metadata', (metadata) => { result.headers = plain(metadata); });
  call.on('status', (status) => {
    result.code = status.code;
    result.details = status.details;
    result.trailers = plain(status.metadata);
    resolve(result);
  });
  call.on('error', () => {});
});

const runAll = async (scenarios, limitMs) => {
  for (const [name, run] of Object.entries(scenarios)) {
    const limit = new Promise((resolve) => setTimeout(() => resolve({ hung: true }), limitMs).unref());
    console.log(JSON.stringify({ name, ...(await Promise.race([run(), limit])) }));
  }
  console.log('DONE');
  process.exit(0);
};

module.exports = { grpc, load, allowed, plain, observe, runAll };
