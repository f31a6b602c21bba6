#!/usr/bin/env python3
"""Renders excerpts of made-up music with known tempo and key: the material from which acoustic-v1's constants are learned.

  render.py FOLDER [COUNT]      writes COUNT (default 240) encoded files of about 30 s and truth.csv (path, bpm, key, style)

Reproducible: excerpt n depends on n alone. Needs fluidsynth, the sound font /usr/share/sounds/sf2/FluidR3_GM.sf2
(Debian packages fluidsynth and fluid-soundfont-gm), ffmpeg and numpy.
"""
import csv
import os
import random
import struct
import subprocess
import sys
import tempfile

import numpy as np

from midi import KEYS, variable

RATE = 44100
SECONDS = 30
FONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
TICKS = 480  # for each quarter note
MAJOR, MINOR = [0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10]
KICK, SNARE, CLAP, HAT, OPEN_HAT, RIDE, TOM, SHAKER = 36, 38, 39, 42, 46, 51, 45, 70

# name: tempo range, chord, bass and lead programs to choose from, drum pattern (None: no drums), share of minor keys,
# steps a bar, swing
STYLES = {
    "rock": ((100, 150), [29, 30, 27, 18], [33, 34], [29, 30, 81], "rock", 0.4, 16, 0.0),
    "metal": ((120, 180), [30], [34], [30, 29], "double", 0.9, 16, 0.0),
    "pop": ((85, 128), [0, 4, 5, 89, 25], [33, 38], [80, 73, 11, 52], "rock", 0.3, 16, 0.0),
    "house": ((118, 130), [4, 81, 90, 50], [38, 39], [81, 87], "four", 0.7, 16, 0.0),
    "drum and bass": ((160, 178), [89, 95, 50], [38, 39], [81, 80], "breaks", 0.8, 16, 0.0),
    "hip hop": ((76, 100), [4, 0, 7, 48], [38, 33], [11, 73, 79], "hop", 0.7, 16, 0.1),
    "jazz": ((110, 220), [0, 26, 4], [32], [65, 66, 56, 11, 0], "swing", 0.4, 12, 0.0),
    "bossa": ((110, 145), [24, 4, 0], [32], [73, 65, 11], "bossa", 0.5, 16, 0.0),
    "waltz": ((84, 180), [48, 21, 0], [43, 32], [40, 73, 71], None, 0.3, 12, 0.0),
    "strings": ((60, 110), [48, 49, 44], [42, 43], [40, 60, 71, 68], None, 0.5, 16, 0.0),
    "piano": ((60, 140), [0, 1], [0], [0], None, 0.5, 16, 0.0),
    "folk": ((80, 130), [24, 25, 105], [32], [22, 110, 73, 40, 21], "shaker", 0.3, 16, 0.0),
    "chip": ((110, 170), [80, 81], [80, 87], [80, 82], "rock", 0.5, 16, 0.0),
    "ambient": ((60, 80), [89, 91, 92, 94, 97], [39, 89], [98, 99, 88], None, 0.6, 16, 0.0),
    "choir": ((56, 90), [52, 53, 19], [19, 52], [52, 68], None, 0.5, 16, 0.0),
    "reggae": ((66, 92), [16, 28, 4], [33], [56, 61, 16], "one drop", 0.6, 16, 0.05),
}
DRUMS = {  # instrument: steps of a bar of sixteen
    "rock": {KICK: [0, 8, 10], SNARE: [4, 12], HAT: range(0, 16, 2)},
    "double": {KICK: range(0, 16, 1), SNARE: [4, 12], RIDE: range(0, 16, 4)},
    "four": {KICK: [0, 4, 8, 12], CLAP: [4, 12], OPEN_HAT: [2, 6, 10, 14], HAT: range(0, 16)},
    "breaks": {KICK: [0, 10], SNARE: [4, 12, 7], HAT: range(0, 16, 2)},
    "hop": {KICK: [0, 7, 10], SNARE: [4, 12], HAT: range(0, 16, 2)},
    "swing": {RIDE: [0, 3, 5, 6, 9, 11], HAT: [3, 9], KICK: [0]},
    "bossa": {KICK: [0, 6, 8, 14], 37: [0, 3, 6, 10, 13], HAT: range(0, 16, 2)},
    "shaker": {SHAKER: range(0, 16, 2), TOM: [0, 8]},
    "one drop": {KICK: [8], SNARE: [8], HAT: range(0, 16, 2)},
}
PROGRESSIONS = [[0, 4, 5, 3], [0, 3, 4, 4], [0, 5, 3, 4], [1, 4, 0, 0], [0, 3, 0, 4], [0, 6, 5, 4], [0, 2, 3, 4]]


def midi_file(notes, programs, bpm):
    """notes: (start tick, length, channel, pitch, velocity)."""
    events = [(0, 0, bytes([0xC0 | c, p])) for c, p in programs.items()]
    for start, length, channel, pitch, velocity in notes:
        if 0 <= pitch < 128:
            events.append((start, 2, bytes([0x90 | channel, pitch, velocity])))
            events.append((start + max(1, length), 1, bytes([0x80 | channel, pitch, 0])))
    events.sort(key=lambda e: e[:2])
    body, now = b"\0\xff\x51\x03" + struct.pack(">I", int(60e6 / bpm))[1:], 0
    for tick, _, data in events:
        body += variable(tick - now) + data
        now = tick
    body += b"\0\xff\x2f\0"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS) + b"MTrk" + struct.pack(">I", len(body)) + body


def compose(r, style, bpm, tonic, minor):
    _, chords, basses, leads, pattern, _, steps, swing = STYLES[style]
    scale = MINOR if minor else MAJOR
    degree = lambda d, octave: 12 * (octave + d // 7) + tonic + scale[d % 7]
    beats = 3 if style == "waltz" else 4
    bar, step = beats * TICKS, beats * TICKS // steps
    progression, density = r.choice(PROGRESSIONS), r.uniform(0.25, 0.8)
    arpeggio, sustained = r.random() < 0.4, pattern is None and r.random() < 0.6
    notes, lead, bars = [], r.randrange(7), int(SECONDS * bpm / 60 / beats) + 1
    human = lambda: r.randrange(-6, 7)
    late = lambda s: int(swing * step) if s % 2 else 0
    for b in range(bars):
        at, root = b * bar, progression[b % len(progression)]
        triad = [degree(root + d, 5) for d in ((0, 2, 4, 6) if style in ("jazz", "bossa") else (0, 2, 4))]
        if arpeggio:
            for s in range(0, steps, 2):
                notes.append((at + s * step + late(s), 2 * step, 0, triad[s // 2 % len(triad)], 70 + r.randrange(20)))
        else:
            hits = [0] if sustained else sorted(r.sample(range(0, steps, 2), 3) + [0])
            for k, s in enumerate(hits):
                length = (hits[k + 1] if k + 1 < len(hits) else steps) - s
                for pitch in triad:
                    notes.append((at + s * step + abs(human()), length * step * 9 // 10, 0, pitch, 62 + r.randrange(24)))
        for s in range(0, steps, 8 if sustained else 4):
            notes.append((at + s * step, 3 * step, 1, degree(root if r.random() < 0.8 else root + 4, 3), 88 + r.randrange(20)))
        for s in range(0, steps, 2):
            if r.random() < density * (0.5 if sustained else 1):
                lead += r.choice([-2, -1, -1, 0, 1, 1, 2])
                lead = max(-3, min(10, lead))
                notes.append((at + s * step + late(s) + abs(human()), r.choice([2, 2, 4, 6]) * step, 2, degree(lead, 6), 80 + r.randrange(30)))
        for drum, hits in (DRUMS[pattern].items() if pattern else ()):
            for s in hits:
                if r.random() < 0.94:
                    notes.append((at + s * step + late(s), step, 9, drum, (96 if s % 4 == 0 else 72) + r.randrange(24)))
    programs = {0: r.choice(chords), 1: r.choice(basses), 2: r.choice(leads)}
    return notes, programs


def synthesise(midi, path):
    subprocess.run(["fluidsynth", "-q", "-ni", "-g", "0.5", "-r", str(RATE), "-T", "raw", "-O", "float", "-F", path, FONT, midi],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return np.fromfile(path, np.float32).reshape(-1, 2)[:SECONDS * RATE]


def texture(r, seed):
    """Music without notes: drones, swelling noise, bells and clicks, straight from numpy."""
    g, n = np.random.default_rng(seed), SECONDS * RATE
    t = np.arange(n) / RATE
    y = np.zeros((n, 2))
    base = r.uniform(50, 200)
    for k in range(1, r.randrange(3, 12)):
        swell = 0.5 + 0.5 * np.sin(2 * np.pi * r.uniform(0.02, 0.5) * t + r.uniform(0, 6))
        y += (swell * np.sin(2 * np.pi * base * k * r.choice([1, 1, 1.003, 1.5]) * t) / k)[:, None] * [r.random(), r.random()]
    spectrum = np.fft.rfft(g.standard_normal((n, 2)), axis=0) / np.maximum(1, np.arange(n // 2 + 1))[:, None] ** r.uniform(0, 0.8)
    noise = np.fft.irfft(spectrum, n, axis=0)
    y += noise / np.abs(noise).max() * r.uniform(0, 1) * (0.5 + 0.5 * np.sin(2 * np.pi * r.uniform(0.05, 4) * t))[:, None]
    for _ in range(r.randrange(60)):
        at, f = r.randrange(n - RATE), r.uniform(200, 4000)
        y[at:at + RATE] += (np.exp(-t[:RATE] * r.uniform(3, 40)) * np.sin(2 * np.pi * f * t[:RATE]))[:, None] * r.random()
    return (y / np.abs(y).max()).astype(np.float32)


def master(r, y):
    """Level, saturation and brightness differ between productions."""
    spectrum = np.fft.rfft(y, axis=0)
    f = np.fft.rfftfreq(len(y), 1 / RATE)[:, None]
    spectrum *= (1 + (f / 1000) ** 2) ** (r.uniform(-0.25, 0.25))
    y = np.fft.irfft(spectrum, len(y), axis=0)
    y = y / np.abs(y).max() * 0.9
    drive = r.choice([0, 0, 1, 2, 4])
    if drive:
        y = np.tanh(y * (1 + drive)) * 0.9
    if r.random() < 0.2:
        y = np.repeat(y.mean(1, keepdims=True), 2, axis=1)
    return y * 10 ** (r.uniform(-14, 0) / 20)


CODECS = [("flac", ["flac"]), ("mp3", ["libmp3lame", "-b:a", "192k"]), ("mp3", ["libmp3lame", "-b:a", "128k"]),
          ("ogg", ["libvorbis", "-q:a", "5"]), ("opus", ["libopus", "-b:a", "96k"]), ("m4a", ["aac", "-b:a", "160k"])]


def render(n, folder, scratch):
    r = random.Random(n)
    names = list(STYLES) + ["texture"]
    style = names[n % len(names)]
    bpm, key = 0.0, ""
    if style == "texture":
        y = texture(r, n)
    else:
        low, high = STYLES[style][0]
        bpm, tonic, minor = r.uniform(low, high), r.randrange(12), r.random() < STYLES[style][5]
        key = f"{KEYS[tonic]} {'minor' if minor else 'major'}"
        midi = os.path.join(scratch, "a.mid")
        with open(midi, "wb") as file:
            file.write(midi_file(*compose(r, style, bpm, tonic, minor), bpm))
        y = synthesise(midi, os.path.join(scratch, "a.raw"))
    y = master(r, y).astype(np.float32)
    suffix, codec = CODECS[r.randrange(len(CODECS))]
    path = os.path.join(folder, f"{n:03d}.{suffix}")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", "-", "-c:a", *codec, path],
                   input=y.tobytes(), check=True)
    return [path, f"{bpm:.3f}", key, style]


def main():
    folder, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 240
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, open(os.path.join(folder, "truth.csv"), "w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["path", "bpm", "key", "style"])
        for n in range(count):
            table.writerow(render(n, folder, scratch))
            out.flush()


if __name__ == "__main__":
    main()
