// Puts load on the Bench service with grpc-js. Each line in is one load, answered with one line; ends with its input.
'use strict';
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const bench = grpc.loadPackageDefinition(loader.loadSync(path.join(__dirname, '..', 'Protos', 'bench.proto'), { defaults: true })).fleet.benchmarks.Bench;
const clients = new Map();
const clientOf = (port) => {
  if (!clients.has(port)) { clients.set(port, new bench(`127.0.0.1:${port}`, grpc.credentials.createInsecure())); }
  return clients.get(port);
};

const ended = (call) => new Promise((resolve, reject) => {
  call.on('error', reject);
  call.on('end', resolve);
});

// Writes until the time is over; returns how many messages.
const writeUntil = (call, chunk, end) => new Promise((resolve) => {
  let sent = 0;
  const send = () => {
    do {
      if (performance.now() >= end) { call.end(); resolve(sent); return; }
      sent++;
    } while (call.write(chunk));
    call.once('drain', send);
  };
  send();
});

const shapes = {
  async unary(client, load, chunk, end, latencies) {
    const echo = () => new Promise((resolve, reject) => client.Echo(chunk, (error, reply) => (error ? reject(error) : resolve(reply))));
    await Promise.all(Array.from({ length: load.concurrency }, async () => {
      for (let start = performance.now(); start < end;) {
        await echo();
        const now = performance.now();
        latencies.push(now - start);
        start = now;
      }
    }));
    return latencies.length;
  },
  async upload(client, load, chunk, end) {
    let call;
    const reply = new Promise((resolve, reject) => { call = client.Upload((error, count) => (error ? reject(error) : resolve(count))); });
    const sent = await writeUntil(call, chunk, end);
    const { messages } = await reply;
    if (messages !== sent) { throw new Error(`${sent} messages were sent and ${messages} arrived`); }
    return sent;
  },
  async download(client, load) {
    let received = 0;
    const call = client.Download({ payloadBytes: load.payloadBytes, milliseconds: load.milliseconds });
    call.on('data', () => { received++; });
    await ended(call);
    return received;
  },
  async pingpong(client, load, chunk, end, latencies) {
    const call = client.Chat();
    const over = ended(call);
    let start = performance.now();
    call.on('data', () => {
      const now = performance.now();
      latencies.push(now - start);
      start = now;
      if (now < end) { call.write(chunk); } else { call.end(); }
    });
    call.write(chunk);
    await over;
    return latencies.length;
  },
  async flood(client, load, chunk, end) {
    let received = 0;
    const call = client.Chat();
    const over = ended(call);
    call.on('data', () => { received++; });
    const sent = await writeUntil(call, chunk, end);
    await over;
    if (received !== sent) { throw new Error(`${sent} messages were sent and ${received} came back`); }
    return sent;
  },
};

const run = async (load) => {
  const latencies = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  const chunk = { payload: Buffer.alloc(load.payloadBytes, 1) };
  const count = await shapes[load.shape](clientOf(load.port), load, chunk, start + load.milliseconds, latencies);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const at = (share) => (latencies.length ? 1000 * latencies[Math.min(latencies.length - 1, Math.ceil(share * latencies.length) - 1)] : 0);
  return {
    count, seconds, p50Microseconds: at(0.5), p99Microseconds: at(0.99), cpuMicroseconds: user + system, allocatedBytes: 0,
  };
};

const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', async (line) => {
  try {
    console.log(JSON.stringify(await run(JSON.parse(line))));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
});
lines.on('close', () => process.exit(0));
