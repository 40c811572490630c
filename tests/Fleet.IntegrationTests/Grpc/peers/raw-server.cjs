// A server that answers as the header x-scenario says, mostly wrong. Prints "PORT <n>". The net scenarios have ports of their own: "NET <name> <n>".
'use strict';
const http2 = require('node:http2');
const net = require('node:net');
const zlib = require('node:zlib');
const { message, text, types, frame, uint32, headers, preface, reader } = require('./wire.cjs');

const grpcHeaders = { ':status': 200, 'content-type': 'application/grpc' };
const ok = { 'grpc-status': '0' };
let connections = 0;
const sockets = new Map();

// Headers, a body, and trailers (none when null).
const reply = (stream, body, trailers, fields = {}) => {
  stream.respond({ ...grpcHeaders, ...fields }, { waitForTrailers: trailers !== null });
  if (trailers !== null) { stream.on('wantTrailers', () => stream.sendTrailers(trailers)); }
  stream.end(body);
};
const trailersOnly = (stream, fields) => stream.respond({ ...grpcHeaders, ...fields }, { endStream: true });
const http = (status, type = 'text/html') => (stream) => {
  stream.respond({ ':status': status, ...(type ? { 'content-type': type } : {}) });
  stream.end(`<html><body><h1>${status}</h1></body></html>`);
};
// One message, then whatever `then` does while the client waits for the second one.
const oneThen = (then) => (stream) => {
  stream.respond(grpcHeaders);
  stream.write(message(text('first')), () => setImmediate(() => then(stream)));
};
const hello = message(text('hello'));

const scenarios = {
  fine: (stream) => reply(stream, hello, ok),
  connections: (stream) => reply(stream, message(text(String(connections))), ok),
  early_hints: (stream) => { stream.additionalHeaders({ ':status': 103 }); reply(stream, hello, ok); },
  trailers_missing: (stream) => reply(stream, hello, null),
  status_missing: (stream) => reply(stream, hello, { 'x-trailer': 'end' }),
  status_not_a_number: (stream) => reply(stream, hello, { 'grpc-status': 'abc' }),
  status_unknown_number: (stream) => reply(stream, hello, { 'grpc-status': '99', 'grpc-message': 'new' }),
  status_in_headers_ok: (stream) => trailersOnly(stream, ok),
  status_in_headers: (stream) => trailersOnly(stream, { 'grpc-status': '7', 'grpc-message': 'nein%20danke' }),
  status_in_headers_of_503: (stream) => stream.respond({ ':status': 503, 'grpc-status': '8', 'grpc-message': 'voll' }, { endStream: true }),
  message_malformed_escapes: (stream) => trailersOnly(stream, { 'grpc-status': '9', 'grpc-message': '50%, %zz, %4' }),
  message_utf8: (stream) => trailersOnly(stream, { 'grpc-status': '9', 'grpc-message': 'gr%C3%BC%C3%9f%0A%25' }),
  bin_trailers: (stream) => reply(stream, hello, { ...ok, 'a-bin': 'AP8B', 'b-bin': 'AP8=', 'c-bin': 'AP8', 'd-bin': '' }),
  bin_trailers_several: (stream) => reply(stream, hello, { ...ok, 'a-bin': ['AP8=', 'AQI'] }),
  bin_trailers_broken: (stream) => reply(stream, hello, { ...ok, 'a-bin': '?!' }),
  html_200: http(200),
  no_content_type: http(200, null),
  unary_nothing: (stream) => reply(stream, '', ok),
  unary_nothing_but_status: (stream) => reply(stream, '', { 'grpc-status': '5', 'grpc-message': 'gone' }),
  unary_message_and_status: (stream) => reply(stream, hello, { 'grpc-status': '5', 'grpc-message': 'gone' }),
  unary_twice: (stream) => reply(stream, Buffer.concat([hello, hello]), ok),
  unary_and_a_byte: (stream) => { stream.respond(grpcHeaders); stream.write(Buffer.concat([hello, Buffer.from([0])])); },
  not_protobuf: (stream) => reply(stream, message(Buffer.from([0xff, 0xff, 0xff])), ok),
  cut_prefix: (stream) => reply(stream, Buffer.from([0, 0, 0]), ok),
  cut_message: (stream) => reply(stream, hello.subarray(0, 8), ok),
  bad_flag: (stream) => reply(stream, message(text('x'), { flag: 2 }), ok),
  oversize_announced: (stream) => { stream.respond(grpcHeaders); stream.write(message(Buffer.alloc(10), { length: 5 * 1024 * 1024 })); },
  four_gigabytes_announced: (stream) => { stream.respond(grpcHeaders); stream.write(message(Buffer.alloc(10), { length: 0xffffffff })); },
  gzip: (stream) => reply(stream, message(zlib.gzipSync(text('hello')), { flag: 1 }), ok, { 'grpc-encoding': 'gzip' }),
  deflate: (stream) => reply(stream, message(zlib.deflateSync(text('hello')), { flag: 1 }), ok, { 'grpc-encoding': 'deflate' }),
  gzip_named_not_used: (stream) => reply(stream, hello, ok, { 'grpc-encoding': 'gzip' }),
  gzip_not_named: (stream) => reply(stream, message(zlib.gzipSync(text('hello')), { flag: 1 }), ok),
  gzip_broken: (stream) => reply(stream, message(Buffer.from('not gzip'), { flag: 1 }), ok, { 'grpc-encoding': 'gzip' }),
  gzip_cut: (stream) => reply(stream, message(zlib.gzipSync(text('hello')).subarray(0, -6), { flag: 1 }), ok, { 'grpc-encoding': 'gzip' }),
  gzip_bomb: (stream) => reply(stream, message(zlib.gzipSync(Buffer.alloc(64 * 1024 * 1024)), { flag: 1 }), ok, { 'grpc-encoding': 'gzip' }),
  unknown_encoding: (stream) => reply(stream, message(text('x'), { flag: 1 }), ok, { 'grpc-encoding': 'snappy' }),
  socket_destroyed: oneThen((stream) => sockets.get(stream.session.socket.remotePort).destroy()),
  goaway_graceful: oneThen((stream) => {
    stream.session.goaway(http2.constants.NGHTTP2_NO_ERROR, stream.id);
    stream.end(message(text('second')));
  }),
  never: (stream) => stream.respond(grpcHeaders),
};
for (const status of [400, 401, 403, 404, 429, 431, 500, 502, 503, 504]) { scenarios[`http_${status}`] = http(status); }

const server = http2.createServer();
server.on('connection', (socket) => sockets.set(socket.remotePort, socket));
server.on('session', (session) => { connections++; session.on('error', () => {}); });
server.on('stream', (stream, fields) => {
  stream.on('error', () => {});
  scenarios[fields['x-scenario']](stream);
});
server.listen(0, '127.0.0.1', () => console.log(`PORT ${server.address().port}`));

// Below HTTP/2's own rules: each scenario gets the socket and the id of the stream of the first request.
const replyHeaders = frame('HEADERS', 4, 1, headers({ ':status': '200', 'content-type': 'application/grpc' }));
const okTrailers = frame('HEADERS', 5, 1, headers(ok));
const first = [replyHeaders, frame('DATA', 0, 1, message(text('first')))];
const netScenarios = {
  reset_at_once: [frame('RST_STREAM', 0, 1, uint32(2))],
  reset_no_error: [...first, frame('RST_STREAM', 0, 1, uint32(0))],
  reset_internal: [...first, frame('RST_STREAM', 0, 1, uint32(2))],
  reset_cancel: [...first, frame('RST_STREAM', 0, 1, uint32(8))],
  reset_calm: [...first, frame('RST_STREAM', 0, 1, uint32(11))],
  reset_refused: [...first, frame('RST_STREAM', 0, 1, uint32(7))],
  goaway_error: [...first, frame('GOAWAY', 0, 0, uint32(1, 2)), null],
  data_after_trailers: [replyHeaders, frame('DATA', 0, 1, hello), okTrailers, frame('DATA', 1, 1, hello)],
  trailers_twice: [replyHeaders, frame('DATA', 0, 1, hello), okTrailers, okTrailers],
  trailers_without_end: [replyHeaders, frame('DATA', 0, 1, hello), frame('HEADERS', 4, 1, headers(ok)), frame('DATA', 1, 1)],
  data_before_headers: [frame('DATA', 0, 1, hello)],
  unknown_frame_type: [frame(0x77, 0xff, 1, Buffer.from('ignored')), replyHeaders, frame(0x78, 0, 0), frame('DATA', 0, 1, hello), okTrailers],
  garbage: [replyHeaders, Buffer.from('this is not a frame, it is a sentence that goes on for a while')],
  bad_hpack: [frame('HEADERS', 4, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))],
  frame_too_large: [replyHeaders, frame('DATA', 0, 1, Buffer.alloc(100), 0xffffff)],
  data_on_stream_0: [replyHeaders, frame('DATA', 0, 0, hello)],
  window_overflow: [frame('WINDOW_UPDATE', 0, 1, uint32(0x7fffffff)), frame('WINDOW_UPDATE', 0, 1, uint32(0x7fffffff)), replyHeaders],
  push_promise: [frame('PUSH_PROMISE', 4, 1, Buffer.concat([uint32(2), headers({ ':method': 'GET' })])), replyHeaders],
  http1_answer: [Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')],
  closed_after_headers: [replyHeaders, null],
  silent: [replyHeaders],
};
for (const [name, steps] of Object.entries(netScenarios)) {
  const plain = net.createServer((socket) => {
    socket.on('error', () => {});
    let begun = false;
    if (name !== 'http1_answer') { socket.write(frame('SETTINGS', 0, 0)); }
    socket.on('data', reader(preface.length, (type, flags) => {
      // `silent` answers nothing any more: no ping, no settings.
      if (type === types.SETTINGS && (flags & 1) === 0 && name !== 'http1_answer') { socket.write(frame('SETTINGS', 1, 0)); }
      if (type === types.PING && (flags & 1) === 0 && name !== 'silent') { socket.write(frame('PING', 1, 0, Buffer.alloc(8))); }
      if (type !== types.HEADERS || begun) { return; }
      begun = true;
      for (const step of steps) { if (step) { socket.write(step); } else { socket.end(); } }
    }));
  });
  plain.listen(0, '127.0.0.1', () => console.log(`NET ${name} ${plain.address().port}`));
}
