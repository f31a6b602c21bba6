#!/usr/bin/env python3
"""Renders sets of made-up music whose tempo and key are known.

  sets.py SET FOLDER [COUNT [SECONDS]]    SET is one of the names; writes COUNT encoded files and truth.csv
  sets.py names                           the sets and their usual sizes

Excerpt n of a set depends on the set's name and n alone. Needs fluidsynth, ffmpeg, numpy and, each for its set, the sound
fonts that midi.FONTS names and Debian's `mma`.
"""
import csv
import os
import random
import sys
import tempfile

import bands
import grooves
import midi
import players

SECONDS = 28
SETS = {  # composer, sound font, usual number of excerpts
    "learn": (bands.compose, "fluid", 186),
    "learn-harmony": (bands.compose, "fluid", 93),
    "tune": (bands.compose, "musescore", 60),
    "held-out": (players.compose, "timgm", 92),
    "mma": (grooves.compose, "fluid", 136),
}


def render(set_name, index, folder, scratch, seconds):
    compose, font, _ = SETS[set_name]
    r = random.Random(f"{set_name} {index}")
    skip = r.uniform(0, 4)
    score, truth = compose(r, set_name, index, seconds + skip)
    path = os.path.join(scratch, "score.mid")
    with open(path, "wb") as file:
        file.write(score.encoded() if hasattr(score, "encoded") else score)
    sound = midi.synthesise(path, font, scratch, seconds, skip, r.choice([0.1, 0.3, 0.6]))
    if len(sound) < 10 * midi.RATE or abs(sound).max() < 1e-3:
        return None
    truth["path"] = midi.encode(r, midi.mix(r, sound), os.path.join(folder, f"{index:03d}"))
    return truth


def begun(table_path):
    """The first excerpt that an earlier run left to do."""
    if not os.path.exists(table_path):
        return 0
    with open(table_path, newline="") as file:
        return max((int(os.path.basename(row["path"]).split(".")[0]) + 1 for row in csv.DictReader(file)), default=0)


def main():
    if sys.argv[1] == "names":
        return print("\n".join(f"{name} {count}" for name, (_, _, count) in SETS.items()))
    set_name, folder = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else SETS[set_name][2]
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else SECONDS
    os.makedirs(folder, exist_ok=True)
    table_path = os.path.join(folder, "truth.csv")
    first = begun(table_path)
    with tempfile.TemporaryDirectory() as scratch, open(table_path, "a" if first else "w", newline="") as out:
        table = csv.DictWriter(out, ["path", "bpm", "key", "style", "meter"])
        if not first:
            table.writeheader()
        for index in range(first, count):
            truth = render(set_name, index, folder, scratch, seconds)
            if truth:
                table.writerow(truth | {"bpm": f"{truth['bpm']:.3f}"})
                out.flush()


if __name__ == "__main__":
    main()
