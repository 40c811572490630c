// The Peer service on grpc-js; prints "PORT <n>" once it listens. argv: proto file, port (0 = any).
'use strict';
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const peer = grpc.loadPackageDefinition(loader.loadSync(process.argv[2], { longs: Number, defaults: true })).fleet.tests.Peer;
let cancelled = 0;
let written = 0;

const trailers = () => {
  const metadata = new grpc.Metadata();
  metadata.set('x-trailer', 'end');
  metadata.set('x-trailer-bin', Buffer.from([0, 255, 1]));
  return metadata;
};

const failure = (ask) => ({ code: ask.status, details: ask.text, metadata: trailers() });

const echoMetadata = (call) => {
  const metadata = new grpc.Metadata();
  for (const key of ['x-echo', 'x-echo-bin', 'authorization', 'user-agent']) {
    for (const value of call.metadata.get(key)) {
      metadata.add(key === 'user-agent' ? 'x-user-agent' : key, value);
    }
  }
  call.sendMetadata(metadata);
  return metadata;
};

const implementation = {
  Single(call, callback) {
    const ask = call.request;
    switch (ask.behaviour) {
      case 'status': return callback(failure(ask));
      case 'metadata': return callback(null, { text: 'metadata' }, echoMetadata(call));
      case 'double': return callback(null, { payload: Buffer.concat([ask.payload, ask.payload]) });
      case 'written': return callback(null, { index: written });
      case 'cancelled': return callback(null, { index: cancelled });
      case 'hang': return call.on('cancelled', () => { cancelled++; });
      default: return callback(null, { text: ask.text, payload: ask.payload });
    }
  },
  Collect(call, callback) {
    let count = 0;
    let text = '';
    call.on('data', (ask) => {
      if (ask.behaviour === 'stand-still') { call.pause(); }
      count++;
      text += ask.text;
    });
    call.on('end', () => callback(null, { text, index: count }, trailers()));
  },
  async Expand(call) {
    const ask = call.request;
    call.on('cancelled', () => { cancelled++; });
    if (ask.behaviour === 'hang') { return; }
    for (let index = 0; (index < ask.count || ask.behaviour === 'endless') && !call.cancelled; index++) {
      written++;
      if (!call.write({ text: ask.text, payload: ask.payload, index })) {
        await new Promise((resolve) => { call.once('drain', resolve); call.once('cancelled', resolve); });
      }
    }
    if (call.cancelled) { return; }
    if (ask.behaviour === 'status') { call.emit('error', failure(ask)); } else { call.end(trailers()); }
  },
  Chat(call) {
    call.sendMetadata(new grpc.Metadata());
    call.on('cancelled', () => { cancelled++; });
    call.on('data', (ask) => {
      if (ask.behaviour === 'status') { call.emit('error', failure(ask)); return; }
      if (!call.write({ text: ask.text, payload: ask.payload, index: ask.count })) {
        call.pause();
        call.once('drain', () => call.resume());
      }
    });
    call.on('end', () => call.end(trailers()));
  },
};

const server = new grpc.Server({ 'grpc.max_receive_message_length': 32 * 1024 * 1024 });
server.addService(peer.service, implementation);
server.bindAsync(`127.0.0.1:${process.argv[3] ?? 0}`, grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) { throw error; }
  console.log(`PORT ${port}`);
});
