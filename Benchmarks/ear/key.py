#!/usr/bin/env python3
"""The key's rating in numpy: learns its weights, and checks that Sillon decides as they do.

  key.py learn FOLDER SET...    Swift constants (Sources/Audio/Analysis/KeyWeights.swift) on standard output
  key.py score FOLDER SET...    MIREX scores of the decision here, with the weights that Sillon has
  key.py check FOLDER SET...    how many pieces have the key that Sillon found (FOLDER/SET/sillon.jsonl)

Reads FOLDER/SET/truth.csv and FOLDER/SET/series.jsonl (ear-bench series FILE... > series.jsonl).
"""
import csv
import json
import os
import re
import sys

import numpy as np

from midi import KEYS
from table import key_score

NAMES = [f"{tonic} {mode}" for mode in ("major", "minor") for tonic in KEYS]
WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Sources/Audio/Analysis/KeyWeights.swift")
# Where learning begins, and what it is drawn back to: the mean of two published profiles, Sha'ath (2011) and bgate (Faraldo 2016).
START = [([6.6, 2.0, 3.5, 2.3, 4.6, 4.0, 2.5, 5.2, 2.4, 3.7, 2.3, 3.4], [1, 0, .42, 0, .53, .37, 0, .77, 0, .38, .21, .30]),
         ([6.5, 2.7, 3.5, 5.4, 2.6, 3.5, 2.5, 5.2, 4.0, 2.7, 4.3, 3.2], [1, 0, .36, .39, 0, .38, 0, .74, .27, 0, .42, .23])]
PENALTY, STEPS = 0.01, 4000


def standardized(values):
    values = np.asarray(values, float)
    return (values - values.mean()) / (values.std() + 1e-9)


def measured(entry):
    """For each of 24 keys: chroma and bass turned to the tonic, in the places of the mode's profiles."""
    whole, low = (standardized(np.array(entry[name]).reshape(-1, 12).mean(0)) for name in ("chroma", "bass"))
    out = np.zeros((24, 4, 12))
    for index in range(24):
        mode, tonic = divmod(index, 12)
        out[index, 2 * mode], out[index, 2 * mode + 1] = np.roll(whole, -tonic), np.roll(low, -tonic)
    return out.reshape(24, 48)


def load(folder, names):
    for name in names:
        with open(os.path.join(folder, name, "truth.csv"), newline="") as file:
            truth = {row["path"]: row["key"] for row in csv.DictReader(file)}
        with open(os.path.join(folder, name, "series.jsonl")) as file:
            for entry in map(json.loads, file):
                if entry["path"] in truth:
                    yield name, entry["path"], truth[entry["path"]], measured(entry)


def learn(pieces):
    start = np.concatenate([part for pair in START for part in (np.mean([standardized(p) for p in pair], 0), np.zeros(12))])
    x, y = np.stack([p[3] for p in pieces]), np.array([NAMES.index(p[2]) for p in pieces])
    weights, speed = start.copy(), np.zeros(48)
    for _ in range(STEPS):
        z = x @ weights
        e = np.exp(z - z.max(1, keepdims=True))
        pull = e / e.sum(1, keepdims=True)
        pull[np.arange(len(y)), y] -= 1
        slope = np.einsum("nkf,nk->f", x, pull) / len(y) + 2 * PENALTY * (weights - start)
        speed = 0.9 * speed - 0.02 * slope
        weights += speed
    return weights.reshape(4, 12)


def swift(weights, pieces):
    rows = [", ".join(f"{w:.4f}" for w in row) for row in weights]
    return f"""/// Weights of a key's rating, tonic first: of the whole chroma and of the bass. Learned from {pieces} rendered excerpts,
/// beginning with the mean of two published profiles (Sha'ath 2011, KeyFinder; Faraldo 2016, bgate). Written by
/// Benchmarks/ear/key.py; another set of numbers is another version of the analyser.
enum KeyWeights {{
    typealias Profiles = (chroma: [Double], bass: [Double])

    static let major: Profiles = (
        chroma: [{rows[0]}],
        bass: [{rows[1]}]
    )
    static let minor: Profiles = (
        chroma: [{rows[2]}],
        bass: [{rows[3]}]
    )
}}"""


def current():
    with open(WEIGHTS) as file:
        return np.array([float(w) for w in re.findall(r"-?\d+\.\d+", file.read())])


def main():
    command, folder, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    pieces = list(load(folder, names))
    if command == "learn":
        return print(swift(learn(pieces), len(pieces)))
    weights = current()
    for name in names:
        decided = [(path, truth, NAMES[np.argmax(x @ weights)]) for n, path, truth, x in pieces if n == name]
        if command == "score":
            print(f"{name}: {len(decided)} pieces, key {np.mean([key_score(found, truth) for _, truth, found in decided]):.3f}")
        else:
            with open(os.path.join(folder, name, "sillon.jsonl")) as file:
                found = {entry["path"]: entry["key"] for entry in map(json.loads, file) if "path" in entry}
            print(f"{name}: {sum(found.get(path) == key for path, _, key in decided)} of {len(decided)} as Sillon")


if __name__ == "__main__":
    main()
