// Asks grpc.health.v1 as a load balancer does, without a credential. Prints a line for each answer. argv: proto file, address.
'use strict';
const { grpc, load } = require('./observe.cjs');

const { Health } = load(process.argv[2]).grpc.health.v1;
const client = new Health(process.argv[3], grpc.credentials.createInsecure());
const check = (service) => new Promise((resolve) => client.Check({ service }, (error, reply) => {
  console.log(`CHECK '${service}' ${error ? `${error.code} ${error.details}` : reply.status}`);
  resolve();
}));
const watch = (service) => {
  const call = client.Watch({ service });
  call.on('data', (reply) => console.log(`WATCH '${service}' ${reply.status}`));
  call.on('error', (error) => console.log(`WATCH '${service}' ended with ${error.code}`));
};

(async () => {
  await check('');
  await check('fleet.v1.DeviceIngest');
  await check('nobody');
  watch('');
  watch('nobody');
})();
