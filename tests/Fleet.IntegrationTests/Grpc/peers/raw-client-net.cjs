// Frames that no HTTP/2 library would send. Each scenario tells how the server ended it, and that it serves the next client.
'use strict';
const http2 = require('node:http2');
const net = require('node:net');
const { message, text, types, frame, uint32, headers, preface, reader } = require('./wire.cjs');

const hello = message(text('hello', 2));

module.exports = (authority) => {
  const requestHeaders = (stream = 1, flags = 4) => frame('HEADERS', flags, stream, headers({
    ':method': 'POST', ':scheme': 'http', ':path': '/fleet.tests.Peer/Single', ':authority': authority,
    'content-type': 'application/grpc', te: 'trailers', authorization: 'Bearer right',
  }));

  const servesOthers = () => new Promise((resolve) => {
    const session = http2.connect(`http://${authority}`);
    session.on('error', () => resolve(false));
    const stream = session.request({
      ':method': 'POST', ':path': '/fleet.tests.Peer/Single', 'content-type': 'application/grpc', te: 'trailers', authorization: 'Bearer right',
    });
    stream.on('trailers', (trailers) => { session.destroy(); resolve(trailers['grpc-status'] === '0'); });
    stream.on('error', () => resolve(false));
    stream.end(hello);
    stream.resume();
  });

  // Sends bytes; tells whether GOAWAY or RST_STREAM came and with which code. Quiet for `patience` ms counts as an end.
  const send = (steps, { withPreface = true, patience = 300, first = frame('SETTINGS', 0, 0) } = {}) => new Promise((resolve) => {
    const socket = net.connect(Number(authority.split(':')[1]), '127.0.0.1');
    const seen = {};
    let quiet;
    const finish = async () => { clearTimeout(quiet); socket.destroy(); resolve({ ...seen, others: await servesOthers() }); };
    const again = () => { clearTimeout(quiet); quiet = setTimeout(finish, patience); };
    socket.on('error', () => {});
    socket.on('close', () => { seen.closed = true; finish(); });
    socket.on('data', reader(0, (type, flags, stream, payload) => {
      again();
      if (type === types.GOAWAY) { seen.goaway = payload.readUInt32BE(4); }
      if (type === types.RST_STREAM) { seen.rst = payload.readUInt32BE(0); }
      if (type === types.HEADERS) { seen.answered = true; }
      if (type === types.SETTINGS && (flags & 1) === 0) { socket.write(frame('SETTINGS', 1, 0)); }
    }));
    if (withPreface) { socket.write(Buffer.concat([preface, first])); }
    for (const step of steps) { socket.write(step); }
    again();
  });

  return {
    net_garbage_instead_of_preface: () => send([Buffer.from('this is not a preface, it is a sentence')], { withPreface: false }),
    net_garbage_frame: () => send([Buffer.from('this is not a frame, it is a sentence that goes on for a while')]),
    net_data_on_stream_0: () => send([frame('DATA', 0, 0, hello)]),
    net_data_on_idle_stream: () => send([frame('DATA', 0, 5, hello)]),
    net_data_after_end: () => send([requestHeaders(), frame('DATA', 1, 1, hello), frame('DATA', 1, 1, hello)]),
    net_frame_too_large: () => send([requestHeaders(), frame('DATA', 0, 1, Buffer.alloc(100), 0xffffff)]),
    net_bad_hpack: () => send([frame('HEADERS', 5, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))]),
    net_even_stream: () => send([requestHeaders(2)]),
    net_window_overflow: () => send([requestHeaders(), frame('WINDOW_UPDATE', 0, 0, uint32(0x7fffffff))]),
    net_unknown_frame: () => send([frame(0x77, 0xff, 0, Buffer.from('ignored')), requestHeaders(), frame('DATA', 1, 1, hello)]),
    net_reset_thrice: () => send([requestHeaders(), ...Array(3).fill(frame('RST_STREAM', 0, 1, uint32(8)))]),
    net_goaway_by_client: () => send([requestHeaders(), frame('DATA', 1, 1, hello), frame('GOAWAY', 0, 0, uint32(0, 0))]),
    net_half_a_request: () => send([requestHeaders(), frame('DATA', 0, 1, hello.subarray(0, 7))]),
    net_headers_never_end: () => send([frame('HEADERS', 0, 1, headers({ ':method': 'POST' })),
      ...Array(40).fill(frame('CONTINUATION', 0, 1, Buffer.concat(Array(100).fill(headers({ 'x-filler': 'f'.repeat(120) })))))]),
  };
};
