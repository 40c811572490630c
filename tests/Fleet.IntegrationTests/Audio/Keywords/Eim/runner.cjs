#!/usr/bin/env node
'use strict';
// A runner as Edge Impulse's are for Linux, written from the description of their protocol: a program that listens on the socket it is named, is
// greeted, and classifies windows or slices of sound. It hears "listen" in whatever is loud. EimModels writes what it is to be and to do wrong
// in the place of these settings.
const settings = {};

const fs = require('fs');
const net = require('net');

const { continuous = true, ending = '\n\0', fault = {}, labels = ['listen', 'noise'], frequency = 16000, sensor = 1 } = settings;
const windowSize = 16000;
const sliceSize = 4000;
const loud = 3000;

// Which start of this file it is: 1 is the first.
const counter = `${__filename}.runs`;
fs.appendFileSync(counter, '.');
const run = fs.statSync(counter).size;
const isFaulty = (where, look = 0) => fault.where === where && (fault.runs === undefined || run <= fault.runs) && (fault.look ?? 0) === look;

if (isFaulty('exit')) {
  console.error('cannot open shared object file');
  process.exit(3);
}

let recent = new Array(windowSize).fill(0);
let greeted = false;
let looks = 0;
const seen = fs.openSync(`${__filename}.seen`, 'a');

function classify(samples, isSlice) {
  if (!samples.every(Number.isInteger)) {
    return { success: false, error: 'whole numbers as the microphone gives them' };
  }

  if (samples.length !== (isSlice ? sliceSize : windowSize)) {
    return { success: false, error: `Invalid number of features, got ${samples.length}` };
  }

  fs.writeSync(seen, `${isSlice ? 'slice' : 'window'} ${samples[0]} ${samples[samples.length - 1]}\n`);
  recent = isSlice ? recent.slice(samples.length).concat(samples) : samples;
  const power = recent.slice(-sliceSize).reduce((sum, value) => sum + value * value, 0) / sliceSize;
  const score = Math.sqrt(power) > loud ? 0.95 : 0.02;
  const scores = Object.fromEntries(labels.map((label, index) => [label, index === 0 ? score : (1 - score) / (labels.length - 1)]));
  return { success: true, result: { classification: scores }, timing: { dsp: 1, classification: 1, anomaly: 0, json: 0, stdin: 0 } };
}

function answer(message) {
  if (message.hello === 1) {
    greeted = true;
    return {
      success: true,
      project: { id: 1, owner: 'tests', name: 'listen {test}', deploy_version: 1 },
      model_parameters: {
        input_features_count: windowSize, sensor, frequency, interval_ms: 0.0625, axis_count: 1, label_count: labels.length, labels, has_anomaly: 0,
        model_type: 'classification', slice_size: sliceSize, use_continuous_mode: continuous, thresholds: [{ id: 7, type: 'object_detection', min_score: 0.5 }],
      },
    };
  }

  if (!greeted) {
    return { success: false, error: 'Invalid message, should initialize first' };
  }

  if (message.set_threshold) {
    fs.writeSync(seen, `threshold ${JSON.stringify(message.set_threshold)}\n`);
    return message.set_threshold.id === 7 ? { success: true } : { success: false, error: 'no block has this id' };
  }

  looks++;
  return message.classify_continuous ? classify(message.classify_continuous, true) : classify(message.classify, false);
}

function write(socket, message) {
  const reply = JSON.stringify({ id: message.id, ...answer(message) });
  const where = message.hello ? 'hello' : 'look';
  const look = message.hello ? 0 : looks;
  if (!isFaulty(where, look)) {
    // In pieces, as sockets do.
    const middle = reply.length >> 1;
    socket.write(reply.slice(0, middle));
    setImmediate(() => socket.write(reply.slice(middle) + ending));
    return;
  }

  const bad = {
    die: () => process.exit(1),
    hang: () => {},
    half: () => socket.end(reply.slice(0, reply.length - 2)),
    large: () => socket.write('{"x":"' + 'a'.repeat(20 * 1024 * 1024)),
    nonsense: () => socket.write('segmentation fault\n'),
    foreign: () => socket.write(JSON.stringify({ id: message.id + 1, success: true, result: {} }) + ending),
    refuse: () => socket.write(JSON.stringify({ id: message.id, success: false, error: 'Classifying failed,\u001b[2J error code was -3' }) + ending),
    trickle: () => setInterval(() => socket.write(' '), 20),
  };
  bad[fault.how]();
}

if (!isFaulty('deaf')) {
  net.createServer((socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (data) => {
      text += data;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const message = JSON.parse(text.slice(0, end));
        text = text.slice(end + 1);
        write(socket, message);
      }
    });
  }).listen(process.argv[2]);
} else {
  setInterval(() => {}, 1000);
}
