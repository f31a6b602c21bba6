"""From notes to encoded files: a MIDI writer, the synthesiser, the mix and the codecs. Needs fluidsynth, ffmpeg and numpy."""
import os
import struct
import subprocess

import numpy as np

RATE = 44100
KEYS = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
FONTS = {  # Debian packages fluid-soundfont-gm, musescore-general-soundfont-small, timgm6mb-soundfont
    "fluid": "/usr/share/sounds/sf2/FluidR3_GM.sf2",
    "musescore": "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3",
    "timgm": "/usr/share/sounds/sf2/TimGM6mb.sf2",
}
CODECS = [("flac", ["flac"]), ("mp3", ["libmp3lame", "-b:a", "192k"]), ("mp3", ["libmp3lame", "-b:a", "128k"]),
          ("mp3", ["libmp3lame", "-q:a", "5"]), ("ogg", ["libvorbis", "-q:a", "5"]), ("opus", ["libopus", "-b:a", "96k"]),
          ("m4a", ["aac", "-b:a", "160k"])]
DRUMS = 9
TICKS = 500  # for each quarter note; with the file's tempo of 120 a tick is a millisecond


def variable(value):
    out = [value & 127]
    while value := value >> 7:
        out.append(128 | value & 127)
    return bytes(reversed(out))


class Score:
    """Notes in beats; `seconds` maps beats to time, so tempo may wander."""

    def __init__(self, seconds, cents=0.0):
        self.seconds, self.cents, self.events = seconds, cents, []

    def program(self, channel, number, volume=100, pan=64):
        for message in (bytes([0xC0 | channel, number]), bytes([0xB0 | channel, 7, volume]), bytes([0xB0 | channel, 10, pan])):
            self.events.append((0, 0, message))
        if channel != DRUMS:
            bend = int(8192 + self.cents / 200 * 8192)
            self.events.append((0, 0, bytes([0xE0 | channel, bend & 127, bend >> 7])))

    def note(self, beat, length, channel, pitch, velocity, late=0.0):
        """`late`: seconds behind the grid, as players are."""
        if not 0 <= pitch < 128:
            return
        start = max(0, round(1000 * (self.seconds(beat) + late)))
        end = max(start + 20, round(1000 * (self.seconds(beat + length) + late)) - 8)
        velocity = max(1, min(127, int(velocity)))
        self.events.append((start, 2, bytes([0x90 | channel, pitch, velocity])))
        self.events.append((end, 1, bytes([0x80 | channel, pitch, 0])))

    def encoded(self):
        body, now = b"\0\xff\x51\x03" + struct.pack(">I", 500_000)[1:], 0
        for tick, _, data in sorted(self.events, key=lambda e: e[:2]):
            body += variable(tick - now) + data
            now = tick
        body += b"\0\xff\x2f\0"
        return b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS) + b"MTrk" + struct.pack(">I", len(body)) + body


def synthesise(midi, font, scratch, seconds, skip=0.0, room=0.3):
    """`seconds` of stereo sound from `skip` on; `midi` is a path."""
    raw = os.path.join(scratch, "sound.raw")
    subprocess.run(["fluidsynth", "-q", "-ni", "-g", "0.4", "-r", str(RATE), "-o", f"synth.reverb.room-size={room:.2f}",
                    "-T", "raw", "-O", "float", "-F", raw, FONTS[font], midi],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    y = np.fromfile(raw, np.float32).reshape(-1, 2)[int(skip * RATE):int((skip + seconds) * RATE)]
    os.unlink(raw)
    return y


def mix(r, y):
    """Brightness, drive, width and level differ between productions."""
    spectrum = np.fft.rfft(y, axis=0)
    f = np.fft.rfftfreq(len(y), 1 / RATE)[:, None]
    spectrum *= (1 + (f / 1000) ** 2) ** r.uniform(-0.3, 0.25) * (1 + (120 / np.maximum(f, 20)) ** 2) ** r.uniform(-0.4, 0.15)
    y = np.fft.irfft(spectrum, len(y), axis=0)
    y = y / max(1e-9, np.abs(y).max())
    drive = r.choice([0, 0, 0, 1, 2, 4])
    if drive:
        y = np.tanh(y * (1 + drive))
    if r.random() < 0.2:
        y = np.repeat(y.mean(1, keepdims=True), 2, axis=1)
    return y * 0.9 * 10 ** (r.uniform(-14, 0) / 20)


def encode(r, y, stem):
    suffix, codec = r.choice(CODECS)
    path = f"{stem}.{suffix}"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", "-", "-c:a", *codec, path],
                   input=np.ascontiguousarray(y, np.float32).tobytes(), check=True)
    return path
