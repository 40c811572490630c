// Calls our server with HTTP/2 by hand, mostly wrong, and prints one line of JSON for each scenario. argv: -, authority, authority of HTTP/1.1.
'use strict';
const http = require('node:http');
const http2 = require('node:http2');
const zlib = require('node:zlib');
const { message, text } = require('./wire.cjs');
const netScenarios = require('./raw-client-net.cjs');

const [, , , authority, authority1] = process.argv;
const origin = `http://${authority}`;
const single = '/fleet.tests.Peer/Single';
const base = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers', authorization: 'Bearer right' };
const ask = (value) => text(value, 2);
const behaviour = (value) => text(value, 1);
const hello = message(ask('hello'));

// Sends one request on a connection of its own; body null leaves the request open. Resolves with everything that came back.
const request = (fields, body, act = () => {}) => new Promise((resolve) => {
  const session = http2.connect(origin);
  const result = { data: [] };
  session.on('error', (error) => { result.sessionError = error.code; });
  const headers = { ':path': single, ...base, ...fields };
  for (const key of Object.keys(headers)) { if (headers[key] === undefined) { delete headers[key]; } }
  const stream = session.request(headers, { endStream: false });
  stream.on('response', (received) => { result.headers = received; });
  stream.on('trailers', (received) => { result.trailers = received; });
  stream.on('data', (chunk) => result.data.push(chunk));
  stream.on('error', () => {});
  stream.on('close', () => {
    session.destroy();
    const all = { ...result.headers, ...result.trailers };
    resolve({
      http: result.headers?.[':status'],
      status: all['grpc-status'] === undefined ? undefined : Number(all['grpc-status']),
      detail: all['grpc-message'],
      encoding: result.headers?.['grpc-encoding'],
      accepts: result.headers?.['grpc-accept-encoding'],
      echo: all['x-echo'],
      echoBin: all['x-echo-bin'],
      data: Buffer.concat(result.data).toString('hex'),
      reset: stream.rstCode,
    });
  });
  if (body === null) { act(stream, session); } else { stream.end(body, () => act(stream, session)); }
});
// The request stays open after these bytes: who waits for more never gets it.
const open = (bytes, fields = {}) => request(fields, null, (stream) => stream.write(bytes));

const plain = (options) => new Promise((resolve) => {
  const call = http.request({ host: '127.0.0.1', port: options.port, path: single, method: 'POST', headers: { 'content-type': 'application/grpc', te: 'trailers' } }, (response) => {
    response.resume();
    response.on('end', () => resolve({ http: response.statusCode, status: response.headers['grpc-status'] === undefined ? undefined : Number(response.headers['grpc-status']), upgrade: response.headers.upgrade }));
  });
  call.on('error', (error) => resolve({ error: error.code }));
  call.end(hello);
});

// How many replies of Expand the server has written: field 3 of the reply.
const written = async () => {
  const bytes = Buffer.from((await request({}, message(behaviour('written')))).data, 'hex');
  let value = 0;
  for (let at = 6, shift = 0; at < bytes.length; at++, shift += 7) { value += (bytes[at] & 0x7f) * 2 ** shift; }
  return value;
};
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Until a number does not grow any more.
const settled = async (read) => {
  let last = -1;
  for (let still = 0; still < 4;) {
    await later(150);
    const now = await read();
    still = now === last ? still + 1 : 0;
    last = now;
  }
  return last;
};

// Asks for replies without end and reads none of them, with the widest window that there is on request.
const neverRead = async (initialWindowSize) => {
  const before = await written();
  const session = http2.connect(origin, { settings: { initialWindowSize } });
  session.on('error', () => {});
  const stream = session.request({ ...base, ':path': '/fleet.tests.Peer/Expand' });
  stream.on('error', () => {});
  stream.end(message(Buffer.concat([behaviour('endless'), Buffer.from([0x1a, 0x80, 0x80, 0x04]), Buffer.alloc(65536)])));
  const messages = (await settled(written)) - before;
  session.destroy();
  return { messages, status: (await request({}, hello)).status };
};

const gzip = (bytes) => message(zlib.gzipSync(bytes), { flag: 1 });
const metadata = message(behaviour('metadata'));

const scenarios = {
  fine: () => request({}, hello),
  te_missing: () => request({ te: undefined }, hello),
  content_type_proto: () => request({ 'content-type': 'application/grpc+proto' }, hello),
  content_type_parameter: () => request({ 'content-type': 'application/grpc;charset=utf-8' }, hello),
  content_type_json: () => request({ 'content-type': 'application/json' }, hello),
  content_type_web: () => request({ 'content-type': 'application/grpc-web' }, hello),
  content_type_missing: () => request({ 'content-type': undefined }, hello),
  http1_where_http1_is_spoken: () => plain({ port: authority1.split(':')[1] }),
  http1_where_it_is_not: () => plain({ port: authority.split(':')[1] }),
  get: () => request({ ':method': 'GET' }, ''),
  get_json: () => request({ ':method': 'GET', 'content-type': undefined }, ''),
  path_unknown_service: () => request({ ':path': '/fleet.tests.Nobody/Single' }, hello),
  path_unknown_method: () => request({ ':path': '/fleet.tests.Peer/Nothing' }, hello),
  path_root: () => request({ ':path': '/' }, hello),
  path_too_deep: () => request({ ':path': '/fleet.tests.Peer/Single/more' }, hello),
  path_query: () => request({ ':path': `${single}?x=1` }, hello),
  empty_body: () => request({}, ''),
  not_protobuf: () => request({}, message(Buffer.from([0xff, 0xff, 0xff]))),
  cut_prefix: () => request({}, Buffer.from([0, 0, 0])),
  cut_message: () => request({}, hello.subarray(0, 8)),
  longer_than_stream: () => request({}, message(ask('hello'), { length: 100 })),
  bad_flag: () => request({}, message(ask('hello'), { flag: 2 })),
  message_twice: () => request({}, Buffer.concat([hello, hello])),
  message_and_a_byte_open: () => open(Buffer.concat([hello, Buffer.from([0])])),
  oversize_announced_open: () => open(message(Buffer.alloc(10), { length: 4 * 1024 * 1024 + 1 })),
  four_gigabytes_announced_open: () => open(message(Buffer.alloc(10), { length: 0xffffffff })),
  compressed_without_encoding: () => request({}, gzip(ask('hello'))),
  compressed_identity: () => request({ 'grpc-encoding': 'identity' }, gzip(ask('hello'))),
  compressed_unknown: () => request({ 'grpc-encoding': 'snappy' }, gzip(ask('hello'))),
  compressed_gzip: () => request({ 'grpc-encoding': 'gzip' }, gzip(ask('hello'))),
  compressed_deflate: () => request({ 'grpc-encoding': 'deflate' }, message(zlib.deflateSync(ask('hello')), { flag: 1 })),
  compressed_broken: () => request({ 'grpc-encoding': 'gzip' }, message(Buffer.from('not gzip'), { flag: 1 })),
  compressed_cut: () => request({ 'grpc-encoding': 'gzip' }, message(zlib.gzipSync(ask('hello')).subarray(0, -6), { flag: 1 })),
  compressed_bomb: () => request({ 'grpc-encoding': 'gzip' }, gzip(Buffer.alloc(64 * 1024 * 1024))),
  encoding_named_not_used: () => request({ 'grpc-encoding': 'gzip' }, hello),
  reply_compressed: () => request({ 'grpc-accept-encoding': 'identity, gzip' }, message(Buffer.concat([behaviour('compress'), ask('hello')]))),
  timeout_passes: () => request({ 'grpc-timeout': '200m' }, message(behaviour('hang'))),
  timeout_microseconds: () => request({ 'grpc-timeout': '200000u' }, message(behaviour('hang'))),
  timeout_nanoseconds: () => request({ 'grpc-timeout': '90000000n' }, message(behaviour('hang'))),
  timeout_body_never_comes: () => open(Buffer.from([0]), { 'grpc-timeout': '200m' }),
  timeout_hours: () => request({ 'grpc-timeout': '99999999H' }, hello),
  timeout_not_a_number: () => request({ 'grpc-timeout': 'abc' }, hello),
  timeout_negative: () => request({ 'grpc-timeout': '-1S' }, hello),
  timeout_without_unit: () => request({ 'grpc-timeout': '100' }, hello),
  timeout_unknown_unit: () => request({ 'grpc-timeout': '1x' }, hello),
  timeout_over_long: () => request({ 'grpc-timeout': '123456789012345S' }, hello),
  timeout_empty: () => request({ 'grpc-timeout': '' }, hello),
  metadata_binary: () => request({ 'x-echo-bin': 'AP8KDQ==' }, metadata),
  metadata_binary_unpadded: () => request({ 'x-echo-bin': 'AP8KDQ' }, metadata),
  metadata_binary_several: () => request({ 'x-echo-bin': ['AP8=', 'AQI'] }, metadata),
  metadata_binary_joined: () => request({ 'x-echo-bin': 'AP8=,AQI' }, metadata),
  metadata_binary_broken: () => request({ 'x-echo-bin': '?!' }, metadata),
  no_credential: () => request({ authorization: undefined }, hello),
  reset_by_client: async () => {
    await request({}, message(behaviour('hang')), (stream) => setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), 100));
    return request({}, hello);
  },
  never_read: () => neverRead(65535),
  never_read_window_0: () => neverRead(0),
  never_read_window_1_mb: () => neverRead(1024 * 1024),
  ...netScenarios(authority),
};

(async () => {
  for (const [name, run] of Object.entries(scenarios)) {
    const limit = new Promise((resolve) => setTimeout(() => resolve({ hung: true }), 8000).unref());
    console.log(JSON.stringify({ name, ...(await Promise.race([run(), limit])) }));
  }
  console.log('DONE');
  process.exit(0);
})();
