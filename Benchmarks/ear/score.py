#!/usr/bin/env python3
"""Scores analyses against the truth: ear-bench analyze FILE... | score.py FOLDER/truth.csv

Tempo: share within 4 % (Acc1), and also at twice, three times, half or a third of it (Acc2). Key: the MIREX score (same 1,
fifth 0.5, relative 0.3, parallel 0.2).
"""
import csv
import json
import sys

KEYS = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]


def key_score(found, truth):
    if not found:
        return 0
    (a, mode_a), (b, mode_b) = found.split(), truth.split()
    i, j = KEYS.index(a), KEYS.index(b)
    if mode_a == mode_b:
        return 1 if i == j else 0.5 if (i - j) % 12 in (5, 7) else 0
    if i == j:
        return 0.2
    major, minor = (i, j) if mode_a == "major" else (j, i)
    return 0.3 if (major - minor) % 12 == 3 else 0


def main():
    with open(sys.argv[1], newline="") as file:
        truth = {row["path"]: row for row in csv.DictReader(file) if float(row["bpm"]) > 0}
    counts, once, octave, key = 0, 0, 0, 0.0
    for line in sys.stdin:
        entry = json.loads(line)
        row = truth.get(entry["path"])
        if not row or "analysis" not in entry:
            continue
        found, bpm = entry["analysis"].get("tempo_bpm") or 0, float(row["bpm"])
        near = lambda factor: abs(found / (bpm * factor) - 1) < 0.04
        counts += 1
        once += near(1)
        octave += any(map(near, (1, 2, 3, 1 / 2, 1 / 3)))
        key += key_score(entry["analysis"].get("key"), row["key"])
    print(f"{counts} excerpts: tempo Acc1 {once / counts:.3f}, Acc2 {octave / counts:.3f}; key {key / counts:.3f}")


if __name__ == "__main__":
    main()
