// The Bench service on grpc-js. First line out: {"port":n}; each line in is answered with what the process has used; ends with its input.
'use strict';
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const bench = grpc.loadPackageDefinition(loader.loadSync(path.join(__dirname, '..', 'Protos', 'bench.proto'), { defaults: true })).fleet.benchmarks.Bench;

const implementation = {
  Echo(call, callback) { callback(null, call.request); },
  Upload(call, callback) {
    let messages = 0;
    call.on('data', () => { messages++; });
    call.on('end', () => callback(null, { messages }));
  },
  Download(call) {
    const end = performance.now() + call.request.milliseconds;
    const chunk = { payload: Buffer.alloc(call.request.payloadBytes, 1) };
    const send = () => {
      do {
        if (performance.now() >= end) { call.end(); return; }
      } while (call.write(chunk));
      call.once('drain', send);
    };
    send();
  },
  Chat(call) {
    call.on('data', (chunk) => {
      if (!call.write(chunk)) {
        call.pause();
        call.once('drain', () => call.resume());
      }
    });
    call.on('end', () => call.end());
  },
};

const server = new grpc.Server();
server.addService(bench.service, implementation);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) { throw error; }
  console.log(JSON.stringify({ port }));
});

const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', () => {
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ cpuMicroseconds: user + system, allocatedBytes: 0 }));
});
lines.on('close', () => process.exit(0));
