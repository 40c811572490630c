// The bytes of gRPC and of HTTP/2 frames, for peers that break their rules on purpose.
'use strict';

// A gRPC message: flag, length, payload. `length` lies when it is given.
const message = (payload, { flag = 0, length = payload.length } = {}) => {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, payload]);
};

// fleet.tests.Reply or Ask with a text: field 1 of Reply, field 2 of Ask.
const text = (value, field = 1) => Buffer.concat([Buffer.from([(field << 3) | 2, value.length]), Buffer.from(value)]);

const types = { DATA: 0, HEADERS: 1, PRIORITY: 2, RST_STREAM: 3, SETTINGS: 4, PUSH_PROMISE: 5, PING: 6, GOAWAY: 7, WINDOW_UPDATE: 8, CONTINUATION: 9 };

const frame = (type, flags, stream, payload = Buffer.alloc(0), length = payload.length) => {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length, 0, 3);
  head[3] = types[type] ?? type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
};

const uint32 = (...values) => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
};

// Header fields without compression (RFC 7541, 6.2.2); names and values have fewer than 127 bytes.
const headers = (fields) => Buffer.concat(Object.entries(fields).flatMap(([name, value]) =>
  [Buffer.from([0, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)]));

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

// Calls onFrame(type, flags, stream, payload) for every frame of a byte stream, after `skip` bytes of preface.
const reader = (skip, onFrame) => {
  let buffer = Buffer.alloc(0);
  return (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    if (skip > 0) {
      if (buffer.length < skip) { return; }
      buffer = buffer.subarray(skip);
      skip = 0;
    }
    while (buffer.length >= 9 && buffer.length >= 9 + buffer.readUIntBE(0, 3)) {
      const end = 9 + buffer.readUIntBE(0, 3);
      onFrame(buffer[3], buffer[4], buffer.readUInt32BE(5) & 0x7fffffff, buffer.subarray(9, end));
      buffer = buffer.subarray(end);
    }
  };
};

module.exports = { message, text, types, frame, uint32, headers, preface, reader };
