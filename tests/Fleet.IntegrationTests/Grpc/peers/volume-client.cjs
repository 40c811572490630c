// Much at a time, and a client that reads slowly: grpc-js against our server. argv: proto file, address.
'use strict';
const { grpc, load, allowed, observe, runAll } = require('./observe.cjs');

const many = 10000;
const peer = load(process.argv[2]).fleet.tests.Peer;
const connect = (options = {}) => new peer(process.argv[3], grpc.credentials.createInsecure(), options);
const client = connect();

// A connection of its own: what one stream leaves unread also counts against the window of its connection.
const other = () => connect({ 'grpc.use_local_subchannel_pool': 1 });
const unary = (ask, from = client) => new Promise((resolve) => {
  from.Single(ask, allowed(), (error, reply) => resolve({ code: error ? error.code : 0, reply }));
});
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const written = async () => (await unary({ behaviour: 'written' })).reply.index;

const inOrder = (call, result) => {
  result.count = 0;
  result.inOrder = true;
  call.on('data', (reply) => { result.inOrder &&= reply.index === result.count; result.count++; });
  return observe(call, result);
};

const writeAll = async (call, count, make) => {
  for (let i = 0; i < count; i++) {
    if (!call.write(make(i))) { await new Promise((resolve) => call.once('drain', resolve)); }
  }
  call.end();
};

const scenarios = {
  unary_many: async () => {
    let next = 0;
    let wrong = 0;
    const worker = async () => {
      while (next < many) {
        const text = String(next++);
        const { reply } = await unary({ text });
        if (reply?.text !== text) { wrong++; }
      }
    };
    await Promise.all(Array.from({ length: 50 }, worker));
    return { count: next, wrong };
  },
  collect_many: async () => {
    const result = {};
    const call = client.Collect(allowed(), (error, reply) => { result.count = reply?.index; });
    const end = observe(call, result);
    await writeAll(call, many, () => ({ text: 'x' }));
    return end;
  },
  expand_many: () => inOrder(client.Expand({ text: 'more', count: many }, allowed()), {}),
  chat_many: async () => {
    const call = client.Chat(allowed());
    const end = inOrder(call, {});
    await writeAll(call, many, (count) => ({ count, text: 'more' }));
    return end;
  },
  unary_thousand_at_a_time: async () => {
    const replies = await Promise.all(Array.from({ length: 1000 }, (_, number) => unary({ text: String(number) })));
    return { right: replies.filter(({ reply }, number) => reply?.text === String(number)).length };
  },
  chat_thousand_at_a_time: async () => {
    const ends = await Promise.all(Array.from({ length: 1000 }, async () => {
      const call = client.Chat(allowed());
      const end = inOrder(call, {});
      await writeAll(call, 3, (count) => ({ count }));
      return end;
    }));
    return { right: ends.filter((end) => end.code === 0 && end.count === 3 && end.inOrder).length };
  },
  unary_four_megabytes: async () => {
    const payload = Buffer.alloc(4 * 1024 * 1024 - 5, 7);
    const wide = connect({ 'grpc.max_receive_message_length': 8 * 1024 * 1024 });
    const { code, reply } = await unary({ payload }, wide);
    wide.close();
    return { code, same: reply !== undefined && payload.equals(reply.payload) };
  },
  unary_gzip_reply: async () => {
    const { code, reply } = await unary({ behaviour: 'compress', text: 'z'.repeat(100000) });
    return { code, length: reply?.text.length };
  },
  expand_some_compressed: () => inOrder(client.Expand({ behaviour: 'some-compressed', count: 50, text: 'z'.repeat(1000) }, allowed()), {}),
  collect_gzip: async () => {
    const gzip = connect({ 'grpc.default_compression_algorithm': 2 });
    const result = {};
    const call = gzip.Collect(allowed(), (error, reply) => { result.length = reply?.text.length; });
    const end = observe(call, result);
    await writeAll(call, 50, () => ({ text: 'z'.repeat(1000) }));
    return end.finally(() => gzip.close());
  },
  expand_deadline: () => {
    const call = client.Expand({ behaviour: 'hang' }, allowed(), { deadline: Date.now() + 300 });
    call.resume();
    return observe(call, {});
  },
  chat_half_closed_at_once: () => {
    const call = client.Chat(allowed());
    call.resume();
    call.end();
    return observe(call, {});
  },
  chat_server_ends_while_client_writes: async () => {
    const codes = [];
    for (let i = 0; i < 20; i++) {
      const call = client.Chat(allowed());
      call.resume();
      call.write({ behaviour: 'status', status: 10, text: 'taken over' });
      const timer = setInterval(() => { if (call.writable) { call.write({ text: 'still here' }); } }, 0);
      codes.push((await observe(call, {})).code);
      clearInterval(timer);
    }
    return { codes };
  },
  // Reads a message now and then: all come, and no more than a window is ahead.
  expand_slowly_read: async () => {
    const count = 300;
    const before = await written();
    const call = other().Expand({ count, payload: Buffer.alloc(64 * 1024) }, allowed());
    const result = { count: 0, ahead: 0 };
    const end = observe(call, result);
    call.pause();
    call.on('readable', () => {});
    while (result.count < count) {
      const reply = call.read();
      if (reply) { result.count++; result.ahead = Math.max(result.ahead, (await written()) - before - result.count); } else { await later(5); }
    }
    call.resume();
    return end;
  },
};

runAll(scenarios, 60000);
