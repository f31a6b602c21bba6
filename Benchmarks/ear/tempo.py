#!/usr/bin/env python3
"""The tempo's rating in numpy: learns its weights, and checks that Sillon decides as they do.

  tempo.py learn FOLDER SET...    Swift constants (Sources/Audio/Analysis/TempoWeights.swift) on standard output
  tempo.py score FOLDER SET...    Acc1 and Acc2 of the decision here, with the weights that Sillon has
  tempo.py check FOLDER SET...    how many pieces have the tempo that Sillon found (FOLDER/SET/sillon.jsonl)

Reads FOLDER/SET/truth.csv and FOLDER/SET/series.jsonl (ear-bench series FILE... > series.jsonl).
"""
import csv
import json
import os
import re
import sys

import numpy as np

from table import tempo_scores

RATE, CHROMA_RATE = 22050 / 256, 22050 / 4096
WINDOW, HOP, SIZE = int(12 * RATE), int(3 * RATE), 4096
CANDIDATES = 40 * 6 ** (np.arange(600) / 599)
MULTIPLES = ((1, 1.0), (2, 0.7), (3, 0.5), (4, 0.5), (6, 0.3), (8, 0.3))
BEATS = (0.5, 1, 2, 3, 4, 6, 8)
MOST = 10
WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Sources/Audio/Analysis/TempoWeights.swift")
PENALTY, FAMILY, STEPS = 0.05, 1.0, 4000  # of squared weights; weight of the right tempo up to its octave


def detrended(series):
    bands = np.array([13, 14, 13]) / 40
    mixed = sum(w * np.array(s) for w, s in zip(bands, series))
    return np.maximum(0, mixed - np.convolve(mixed, np.ones(87) / 87, "same"))


def correlation(onsets):
    total, windows = np.zeros(SIZE // 2 + 1), 0
    for start in range(0, max(1, len(onsets) - WINDOW + 1), HOP):
        part = onsets[start:start + WINDOW]
        part = np.pad(part, (0, WINDOW - len(part)))
        magnitude = np.abs(np.fft.rfft(part - part.mean(), SIZE))
        power = 2 * magnitude.sum() - magnitude[0] - magnitude[-1]
        if power > 0:
            total, windows = total + magnitude / power, windows + 1
    lags = np.arange(WINDOW - 1)
    return (np.fft.irfft(total, SIZE) * SIZE)[:WINDOW - 1] / max(1, windows) * WINDOW / (WINDOW - lags)


def similarity(chroma):
    frames = np.array(chroma).reshape(-1, 12)
    frames = frames / (np.linalg.norm(frames, axis=1, keepdims=True) + 1e-9)
    count = min(int(8 * CHROMA_RATE), len(frames) - 1)
    if count < 2:
        return np.zeros(1)
    raw = np.array([1.0] + [(frames[:-lag] * frames[lag:]).sum(1).mean() for lag in range(1, count)])
    floor = raw[count // 2:].mean()
    return (raw - floor) / (1 - floor + 0.05)


def measured(entry):
    """(tempi that fit, their measurements)"""
    onsets, harmony = detrended(entry["onsets"]), similarity(entry["chroma"])
    values, lags = correlation(onsets), 60 / CANDIDATES * RATE
    at = lambda lag: np.where(lag < len(values) - 1, np.interp(lag, np.arange(len(values)), values), 0)
    fit = np.maximum(0, sum(weight * at(lags * factor) for factor, weight in MULTIPLES))
    top = np.flatnonzero((fit[1:-1] > 0) & (fit[1:-1] >= fit[:-2]) & (fit[1:-1] > fit[2:])) + 1
    prior = np.exp(-0.5 * (np.log2(CANDIDATES / 120) / 1.1) ** 2)
    top = top[np.argsort(-(fit * prior)[top], kind="stable")][:MOST]
    threshold = 0.3 * np.percentile(onsets, 95)
    peaks = (onsets[1:-1] > onsets[:-2]) & (onsets[1:-1] >= onsets[2:]) & (onsets[1:-1] > threshold)
    density = (peaks.sum() / len(onsets) * RATE - 5) / 3
    octaves = np.log2(CANDIDATES[top] / 120)
    columns = [np.log(fit[top] + 0.02), octaves, octaves ** 2, octaves * density]
    columns += [np.interp(b * 60 / CANDIDATES[top] * CHROMA_RATE, np.arange(len(harmony)), harmony) for b in BEATS]
    return CANDIDATES[top], np.stack(columns, 1)


def load(folder, names):
    for name in names:
        with open(os.path.join(folder, name, "truth.csv"), newline="") as file:
            truth = {row["path"]: float(row["bpm"]) for row in csv.DictReader(file)}
        with open(os.path.join(folder, name, "series.jsonl")) as file:
            for entry in map(json.loads, file):
                if entry["path"] in truth:
                    tempi, columns = measured(entry)
                    yield name, entry["path"], truth[entry["path"]], tempi, columns


def learn(pieces):
    """Conditional logit over each piece's tempi: the right one, and the right one up to its octave, by gradient descent."""
    pieces = [p for p in pieces if any(tempo_scores(t, p[2])[0] for t in p[3])]
    every = np.concatenate([p[4] for p in pieces])
    mean, spread = every.mean(0), every.std(0)
    shape = (len(pieces), MOST)
    x, there, right, family = np.zeros((*shape, len(mean))), np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for i, (_, _, truth, tempi, columns) in enumerate(pieces):
        n = len(tempi)
        x[i, :n], there[i, :n] = (columns - mean) / spread, 1
        right[i, :n], family[i, :n] = np.array([tempo_scores(t, truth) for t in tempi]).T
    weights, speed = np.zeros(len(mean)), np.zeros(len(mean))
    for _ in range(STEPS):
        z = x @ weights
        e = np.exp(z - z.max(1, keepdims=True)) * there
        share = lambda mask: e * mask / (e * mask).sum(1, keepdims=True)
        pull = (1 + FAMILY) * share(there) - share(right) - FAMILY * share(family)
        slope = np.einsum("ntf,nt->f", x, pull) / len(pieces) + 2 * PENALTY * weights
        speed = 0.9 * speed - 0.05 * slope
        weights += speed
    return weights / spread


def swift(weights, pieces):
    number = lambda w: f"{w:.4f}"
    return f"""/// Weights of the tempo's rating, learned from {pieces} rendered excerpts. Written by Benchmarks/ear/tempo.py; another set
/// of numbers is another version of the analyser.
enum TempoWeights {{
    static let periodicity = {number(weights[0])}
    static let octaves = {number(weights[1])}
    static let squaredOctaves = {number(weights[2])}
    static let density = {number(weights[3])}
    static let harmony = [{", ".join(map(number, weights[4:]))}]
}}"""


def current():
    with open(WEIGHTS) as file:
        code = "\n".join(line for line in file if "static let" in line)
    return np.array([float(w) for w in re.findall(r"-?\d+\.\d+|(?<=[ ,])-?\d+(?=[,\]])", code)])


def main():
    command, folder, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    pieces = list(load(folder, names))
    if command == "learn":
        return print(swift(learn(pieces), len(pieces)))
    weights = current()
    for name in names:
        decided = [(path, truth, tempi[np.argmax(columns @ weights)] if len(tempi) else 0) for n, path, truth, tempi, columns in pieces if n == name]
        if command == "score":
            scores = np.array([tempo_scores(bpm, truth) for _, truth, bpm in decided]).mean(0)
            print(f"{name}: {len(decided)} pieces, Acc1 {100 * scores[0]:.1f} %, Acc2 {100 * scores[1]:.1f} %")
        else:
            with open(os.path.join(folder, name, "sillon.jsonl")) as file:
                found = {entry["path"]: entry["bpm"] for entry in map(json.loads, file) if "path" in entry}
            same = sum(abs((found.get(path) or 0) / max(bpm, 1) - 1) < 1e-3 for path, _, bpm in decided)
            print(f"{name}: {same} of {len(decided)} as Sillon")


if __name__ == "__main__":
    main()
