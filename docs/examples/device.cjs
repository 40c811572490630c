// A whole device in JavaScript, written from the .proto and docs/protocol.md alone: streams one WAV (16 kHz, mono, 16-bit) at the pace of speech and prints
// its transcript. Stop it in the middle and start it again, or cut its link: it sends only what is missing.
//   npm install @grpc/grpc-js @grpc/proto-loader
//   FLEET_JOIN_KEY=… node device.cjs 127.0.0.1:5100 path/to/contracts/Protos recording.wav [state.json]
const { createHash, randomBytes, randomUUID } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, protos, wav, stateFile = 'device.json'] = process.argv.slice(2);
const definition = loader.loadSync('fleet/v1/device_ingest.proto', { includeDirs: [protos], keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true });
const { DeviceIngest } = grpc.loadPackageDefinition(definition).fleet.v1;
const metadata = new grpc.Metadata();
metadata.set('authorization', `Bearer ${process.env.FLEET_JOIN_KEY}`);

function uuidV7(unixMs) {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(unixMs, 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function pcmOf(file) {
  const bytes = fs.readFileSync(file);
  for (let at = 12; at + 8 <= bytes.length; at += 8 + bytes.readUInt32LE(at + 4) + (bytes.readUInt32LE(at + 4) & 1)) {
    if (bytes.toString('latin1', at, at + 4) === 'data') return bytes.subarray(at + 8, at + 8 + bytes.readUInt32LE(at + 4));
  }
  throw new Error(`${file} has no audio`);
}

function crc32c(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

// What a device keeps on disk, before it says anything to the network: who it is, its next number, and what waits (here: one utterance).
const pcm = pcmOf(wav);
const state = fs.existsSync(stateFile) ? JSON.parse(fs.readFileSync(stateFile)) : { install_id: randomUUID(), next: 1 };
const save = () => fs.writeFileSync(stateFile, JSON.stringify(state));
const mine = createHash('sha256').update(pcm).digest('hex');
if (state.waiting?.audio !== mine) state.waiting = { id: uuidV7(Date.now()), number: state.next++, started: Date.now(), audio: mine };
save();
const { id, number, started } = state.waiting;
const boot = randomUUID();
let attempts = 0;

function connect() {
  const call = new DeviceIngest(address, grpc.credentials.createInsecure()).connect(metadata);
  let [heartbeat, sender, credit, nonce] = [null, null, 0, 0];
  const numbers = () => ({ next_sequence_number: state.next, settled_below: state.waiting ? number : state.next });
  const beat = () => call.write({ heartbeat: { nonce: ++nonce, ...numbers() } });
  const close = () => { [heartbeat, sender].forEach(clearInterval); beat(); call.end(); }; // what was answered since the last heartbeat is settled

  function send(from) {
    call.write({
      utterance_start: {
        utterance_id: id, sequence_number: number, started_at_unix_ms: started, clock: 'CLOCK_DEVICE', trigger: 'TRIGGER_BUTTON', source: path.basename(wav),
        format: { encoding: 'PCM_S16LE', sample_rate_hz: 16000, channels: 1 }, resume_from_bytes: from,
      },
    });
    let at = from; // what is sent and not answered, with what the cloud had before
    clearInterval(sender);
    sender = setInterval(() => {
      const chunk = pcm.subarray(at, Math.min(at + 3200, pcm.length));
      if (at + chunk.length > credit) return;
      if (chunk.length > 0) call.write({ audio_chunk: { utterance_id: id, offset_bytes: at, pcm: chunk } });
      at += chunk.length;
      if (at < pcm.length) return;
      clearInterval(sender);
      call.write({ utterance_end: { utterance_id: id, length_bytes: pcm.length, crc32c: crc32c(pcm), reason: 'SOURCE_ENDED' } });
    }, 100);
  }

  function stored(how) {
    console.error(`stored${how}: ${id}`);
    delete state.waiting;
    save();
  }

  call.on('data', (message) => {
    if (message.welcome) {
      attempts = 0;
      credit = message.welcome.credit_bytes;
      heartbeat = setInterval(beat, message.welcome.heartbeat_interval_ms);
      if (message.welcome.capabilities.includes('resume')) call.write({ resume_query: { utterance_ids: [id] } });
      else send(0);
    } else if (message.resume_points) {
      const [point] = message.resume_points.points;
      if (point.stored) { stored(' already'); close(); } else { console.error(`sending from byte ${point.received_bytes} of ${pcm.length}`); send(point.received_bytes); }
    } else if (message.slow) {
      credit = message.slow.credit_bytes;
    } else if (message.utterance_stored && state.waiting) {
      stored(message.utterance_stored.duplicate ? ' (duplicate)' : '');
    } else if (message.utterance_rejected) {
      console.error(`rejected: ${message.utterance_rejected.message}`);
      clearInterval(sender);
      if (message.utterance_rejected.retryable) setTimeout(send, 1000, 0); else { process.exitCode = 1; close(); }
    } else if (message.transcript) {
      console.log(message.transcript.text);
      close();
    }
  });
  call.on('error', (error) => {
    console.error(error.message);
    if (error.code === grpc.status.UNAVAILABLE) setTimeout(connect, Math.min(1000 * 2 ** attempts++, 60000) * (1 - Math.random() / 2));
    else process.exitCode = 1;
  });
  call.on('status', () => [heartbeat, sender].forEach(clearInterval));
  const host = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 8);
  call.write({ hello: { protocol_version: 1, device_id: `js-${host}`, install_id: state.install_id, boot_id: boot, agent_version: 'device.cjs', device_time_unix_ms: Date.now(), ...numbers() } });
}
connect();
