#!/usr/bin/env python3
"""Makes mfcc-vectors.json: what Edge Impulse's own MFCC block says to the sounds of MfccSounds.cs.

    git clone the public repository edgeimpulse/processing-blocks, then (Python 3 with numpy and scipy):
    make-mfcc-vectors.py FOLDER_OF_THE_CLONE > mfcc-vectors.json

Only its answers are kept here, nothing of its code. The sounds are made of whole numbers by the same rules as in MfccSounds.cs.
"""
import base64
import importlib.util
import json
import os
import sys

import numpy as np

ROOT = os.path.join(sys.argv[1], 'mfcc')
sys.path[:0] = [ROOT]
SPEC = importlib.util.spec_from_file_location('speechpy', os.path.join(ROOT, 'third_party', 'speechpy', '__init__.py'))
BLOCK = importlib.util.module_from_spec(SPEC)
sys.modules['speechpy'] = BLOCK
SPEC.loader.exec_module(BLOCK)


def sound(kind, length):
    noise, phase, step = 1, 0, 40
    samples = []
    for i in range(length):
        noise = (noise * 1103515245 + 12345) % 2147483648
        white = noise // 32768 - 32768
        phase = (phase + step) % 65536
        step += 1 if i % 4 == 0 else 0
        chirp = abs(phase - 32768) - 16384
        samples.append({
            'silence': 0,
            'square': 32767 if i // 20 % 2 == 0 else -32768,
            'noise': white,
            'faint': white // 16384,
            'chirp': chirp,
            'speech': chirp // 2 + white // 16 if i // 2000 % 2 == 0 else white // 4096,
            'last': 20000 if i == length - 1 else 0,
            'first': 20000 if i == 0 else 0,
            'half': white // 4 if i >= length // 2 else 0,
        }[kind])
    return np.array(samples, dtype=float)


def features(case):
    """The steps of the block's generate_features, which also wants matplotlib: number of frames, pre-emphasis, MFCC, normalisation."""
    signal = sound(case['sound'], case['length'])
    emphasised = BLOCK.processing.preemphasis(signal, cof=case['preCoefficient'], shift=1)
    mfcc = BLOCK.feature.mfcc(
        emphasised, sampling_frequency=case['sampleRateHz'], implementation_version=case['version'],
        frame_length=case['frameLength'], frame_stride=case['frameStride'], num_filters=case['filters'],
        fft_length=case['fftLength'], num_cepstral=case['coefficients'], low_frequency=case['lowFrequencyHz'],
        high_frequency=case['highFrequencyHz'] or None, use_old_mels=case['version'] <= 3)
    if case['windowSize'] > 0:
        mfcc = BLOCK.processing.cmvnw(mfcc, win_size=case['windowSize'], variance_normalization=True)
    return mfcc


DEFAULTS = {
    'length': 16000, 'sampleRateHz': 16000, 'version': 4, 'frameLength': 0.02, 'frameStride': 0.02, 'filters': 32, 'fftLength': 256,
    'coefficients': 13, 'windowSize': 101, 'lowFrequencyHz': 0, 'highFrequencyHz': 0, 'preCoefficient': 0.98,
}
CASES = [
    {'sound': 'silence'}, {'sound': 'square'}, {'sound': 'square', 'version': 3, 'fftLength': 512}, {'sound': 'noise'}, {'sound': 'noise', 'version': 3, 'fftLength': 512},
    {'sound': 'faint'}, {'sound': 'chirp'}, {'sound': 'chirp', 'version': 3, 'fftLength': 512}, {'sound': 'speech'}, {'sound': 'speech', 'version': 3, 'fftLength': 512},
    {'sound': 'speech', 'version': 2, 'fftLength': 512}, {'sound': 'speech', 'version': 1, 'fftLength': 512},
    {'sound': 'last', 'windowSize': 0, 'length': 960}, {'sound': 'first', 'windowSize': 0, 'length': 960}, {'sound': 'half'},
    {'sound': 'speech', 'length': 15999}, {'sound': 'speech', 'length': 16001}, {'sound': 'speech', 'length': 12345},
    {'sound': 'speech', 'length': 320}, {'sound': 'speech', 'windowSize': 0}, {'sound': 'speech', 'windowSize': 0, 'version': 3, 'fftLength': 512},
    {'sound': 'speech', 'windowSize': 11}, {'sound': 'speech', 'preCoefficient': 0.0}, {'sound': 'noise', 'length': 8000, 'sampleRateHz': 8000},
    {'sound': 'speech', 'frameLength': 0.025, 'frameStride': 0.01, 'filters': 40, 'fftLength': 512, 'windowSize': 151},
    {'sound': 'speech', 'frameLength': 0.032, 'frameStride': 0.024, 'fftLength': 1024, 'coefficients': 20},
    {'sound': 'speech', 'frameLength': 0.018, 'frameStride': 0.0171, 'filters': 20, 'lowFrequencyHz': 300, 'highFrequencyHz': 4000},
    {'sound': 'chirp', 'length': 11025, 'sampleRateHz': 11025, 'filters': 20, 'highFrequencyHz': 5000},
]
print('[')
for index, changes in enumerate(CASES):
    case = {**DEFAULTS, **changes}
    result = features(case)
    case['frames'] = result.shape[0]
    case['float32'] = base64.b64encode(result.astype('<f4').tobytes()).decode('ascii')
    print(json.dumps(case) + (',' if index < len(CASES) - 1 else ''))
print(']')
