// Calls the Peer service with grpc-js and prints one line of JSON for each scenario. argv: proto file, address.
'use strict';
const { grpc, load, allowed, observe, runAll } = require('./observe.cjs');

const peer = load(process.argv[2]).fleet.tests.Peer;
const client = new peer(process.argv[3], grpc.credentials.createInsecure(), {
  'grpc.max_receive_message_length': 32 * 1024 * 1024,
  'grpc.max_send_message_length': 32 * 1024 * 1024,
});

const unary = (ask, metadata = allowed(), options = {}, method = 'Single') => {
  const result = {};
  const call = client[method](ask, metadata, options, (error, reply) => {
    if (reply) { result.text = reply.text; result.index = reply.index; result.length = reply.payload.length; }
  });
  result.cancel = () => call.cancel();
  return observe(call, result);
};

const scenarios = {
  unary: () => unary({ text: 'grüß Gott', payload: Buffer.alloc(10) }),
  unary_large: () => unary({ payload: Buffer.alloc(3 * 1024 * 1024, 7) }),
  unary_oversize: () => unary({ payload: Buffer.alloc(4 * 1024 * 1024 + 1) }),
  unary_status: () => unary({ behaviour: 'status', status: 9, text: 'nicht jetzt: 100 % voll\nñ 漢字' }),
  unary_throw: () => unary({ behaviour: 'throw', text: 'secret' }),
  unary_missing: () => unary({}, allowed(), {}, 'Missing'),
  unary_no_credential: () => unary({ text: 'x' }, new grpc.Metadata()),
  unary_gzip: () => {
    const gzip = new peer(process.argv[3], grpc.credentials.createInsecure(), { 'grpc.default_compression_algorithm': 2 });
    const result = {};
    const call = gzip.Single({ text: 'z'.repeat(5000) }, allowed(), (error, reply) => { result.length = reply ? reply.text.length : -1; });
    return observe(call, result).finally(() => gzip.close());
  },
  unary_metadata: () => {
    const metadata = allowed();
    metadata.add('x-echo', 'one');
    metadata.add('x-echo', 'two');
    metadata.add('x-echo-bin', Buffer.from([0, 255, 10, 13]));
    return unary({ behaviour: 'metadata' }, metadata);
  },
  unary_deadline: async () => {
    const started = Date.now();
    const result = await unary({ behaviour: 'hang' }, allowed(), { deadline: started + 200 });
    return { ...result, elapsed: Date.now() - started };
  },
  unknown_service: () => new Promise((resolve) => {
    const identity = (value) => value;
    client.makeUnaryRequest('/fleet.tests.Nobody/Call', () => Buffer.alloc(0), identity, {}, allowed(), (error) =>
      resolve({ code: error.code, details: error.details }));
  }),
  all_codes: async () => {
    const codes = [];
    for (let status = 1; status <= 16; status++) {
      codes.push((await unary({ behaviour: 'status', status, text: '' })).code);
    }
    return { codes };
  },
  expand: () => {
    const result = { indexes: [] };
    const call = client.Expand({ text: 'more', count: 100 }, allowed());
    call.on('data', (reply) => result.indexes.push(reply.index));
    return observe(call, result);
  },
  expand_nothing: () => {
    const result = { count: 0 };
    const call = client.Expand({ count: 0 }, allowed());
    call.on('data', () => { result.count++; });
    return observe(call, result);
  },
  expand_status_after_messages: () => {
    const result = { count: 0 };
    const call = client.Expand({ behaviour: 'status', count: 3, status: 5, text: 'verloren ✂' }, allowed());
    call.on('data', () => { result.count++; });
    return observe(call, result);
  },
  collect: () => {
    const result = {};
    const call = client.Collect(allowed(), (error, reply) => { if (reply) { result.index = reply.index; result.text = reply.text; } });
    for (let i = 0; i < 50; i++) { call.write({ text: String(i % 10) }); }
    call.end();
    return observe(call, result);
  },
  chat: () => {
    const result = { count: 0, inOrder: true };
    const call = client.Chat(allowed());
    call.on('data', (reply) => { result.inOrder &&= reply.index === result.count; result.count++; });
    for (let i = 0; i < 1000; i++) { call.write({ count: i, text: `message ${i}`, payload: Buffer.alloc(320) }); }
    call.end();
    return observe(call, result);
  },
  chat_no_credential: () => {
    const call = client.Chat(new grpc.Metadata());
    call.on('data', () => {});
    return observe(call, {});
  },
  chat_server_ends_first: () => {
    const call = client.Chat(allowed());
    call.on('data', () => {});
    call.write({ behaviour: 'status', status: 10, text: 'taken over' });
    return observe(call, {});
  },
  // Not of a call whose requests go on: node ends the stream of requests before it resets it, so a server sees an ordinary end first.
  expand_cancel: async () => {
    const before = (await unary({ behaviour: 'cancelled' })).index;
    const call = client.Expand({ behaviour: 'hang' }, allowed());
    call.on('metadata', () => call.cancel());
    call.on('data', () => {});
    const result = await observe(call, {});
    const end = Date.now() + 3000;
    do { result.seen = (await unary({ behaviour: 'cancelled' })).index - before; } while (result.seen < 1 && Date.now() < end);
    return result;
  },
};

runAll(scenarios, 5000);
