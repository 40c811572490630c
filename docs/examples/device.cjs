// A whole device in JavaScript, written from the .proto alone: streams one WAV (16 kHz, mono, 16-bit) and prints its transcript.
//   npm install @grpc/grpc-js @grpc/proto-loader
//   FLEET_JOIN_KEY=… node device.cjs 127.0.0.1:5100 path/to/contracts/Protos recording.wav
const { createHash, randomBytes, randomUUID } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, protos, wav] = process.argv.slice(2);
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

const host = createHash('sha256').update(os.hostname()).digest('hex');
const pcm = pcmOf(wav);
const startedAt = Date.now();
const id = uuidV7(startedAt);
const call = new DeviceIngest(address, grpc.credentials.createInsecure()).connect(metadata);

call.on('data', (message) => {
  if (message.welcome) {
    call.write({
      utterance_start: {
        utterance_id: id, sequence_number: 1, started_at_unix_ms: startedAt, trigger: 'TRIGGER_BUTTON', source: path.basename(wav),
        format: { encoding: 'PCM_S16LE', sample_rate_hz: 16000, channels: 1 },
      },
    });
    for (let at = 0; at < pcm.length; at += 3200) {
      call.write({ audio_chunk: { utterance_id: id, offset_bytes: at, pcm: pcm.subarray(at, at + 3200) } });
    }
    call.write({ utterance_end: { utterance_id: id, length_bytes: pcm.length, reason: 'SOURCE_ENDED' } });
  } else if (message.utterance_stored) {
    console.error(`stored${message.utterance_stored.duplicate ? ' (duplicate)' : ''}: ${id}`);
  } else if (message.utterance_rejected) {
    console.error(`rejected: ${message.utterance_rejected.message}`);
    process.exitCode = 1;
    call.end();
  } else if (message.transcript) {
    console.log(message.transcript.text);
    call.end();
  }
});
call.on('error', (error) => { console.error(error.message); process.exitCode = 1; });

call.write({
  hello: {
    protocol_version: 1, device_id: `js-${host.slice(0, 8)}`,
    // Kept for the life of an installation: another install with this device id would be refused.
    install_id: host.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'), boot_id: randomUUID(), agent_version: 'device.cjs', device_time_unix_ms: startedAt, next_sequence_number: 1,
  },
});
