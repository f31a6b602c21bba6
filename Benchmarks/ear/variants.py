#!/usr/bin/env python3
"""Do copies find their original, and keep tempo and key? And is what one style made near?

  variants.py make FOLDER TRUTH...     copies of every piece of the truth.csv files: MP3, Opus, quieter, trimmed, and the list
  variants.py hear NAME FOLDER         vectors, tempi and keys by sillon, librosa or bliss: FOLDER/NAME.jsonl
  variants.py table FOLDER             the tables, as Markdown

NAME may also be sillon-windows. Sillon is the executable that EAR_BENCH names. The peers' vectors: librosa's MFCC (20, mean
and deviation), mean chroma and tempo; bliss's 23 numbers. Both are standardised on the originals and compared by
cosine, which suits them better than plain distance.
"""
import csv
import json
import os
import subprocess
import sys

import numpy as np

COPIES = {  # suffix, ffmpeg's options before and after the input
    "MP3 128 kbit/s": ("128.mp3", [], ["-c:a", "libmp3lame", "-b:a", "128k"]),
    "Opus 64 kbit/s": ("64.opus", [], ["-c:a", "libopus", "-b:a", "64k"]),
    "6 dB quieter": ("quiet.flac", [], ["-af", "volume=-6dB", "-c:a", "flac"]),
    "5 s cut off": ("trimmed.flac", ["-ss", "5"], ["-c:a", "flac"]),
}
BLISS_FASTEST = 206


def make(folder, truths):
    os.makedirs(folder, exist_ok=True)
    pieces = []
    for truth in truths:
        with open(truth, newline="") as file:
            name = os.path.basename(os.path.dirname(os.path.abspath(truth)))
            pieces += [(name, row) for row in csv.DictReader(file)]
    with open(os.path.join(folder, "list.jsonl"), "w") as out:
        for number, (name, row) in enumerate(pieces):
            copies = {}
            for kind, (suffix, before, after) in COPIES.items():
                copies[kind] = os.path.join(folder, f"{number:04d}.{suffix}")
                if not os.path.exists(copies[kind]):
                    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *before, "-i", row["path"], "-map", "0:a:0", *after, copies[kind]], check=True)
            print(json.dumps({"set": name, "style": row["style"], "path": row["path"], "copies": copies}), file=out, flush=True)


def listed(folder):
    with open(os.path.join(folder, "list.jsonl")) as file:
        return [json.loads(line) for line in file]


def sillon(paths, *options):
    out = subprocess.run([os.environ["EAR_BENCH"], "analyze", *options, *paths], stdout=subprocess.PIPE, check=True).stdout
    for line in out.splitlines():
        entry = json.loads(line)
        found = entry.get("analysis") or {}
        yield entry["path"], entry.get("vector"), found.get("tempo_bpm"), found.get("key")


def librosa(paths):
    import librosa as lr
    import peers
    for path in paths:
        y, rate = lr.load(path)
        mfcc, chroma = lr.feature.mfcc(y=y, sr=rate), lr.feature.chroma_stft(y=y, sr=rate).mean(1)
        tempo = float(np.atleast_1d(lr.beat.beat_track(y=y, sr=rate)[0])[0])
        scores = {f"{peers.KEYS[k]} {mode}": np.corrcoef(chroma, np.roll(profile, k))[0, 1]
                  for mode, profile in zip(("major", "minor"), peers.KRUMHANSL) for k in range(12)}
        yield path, [*mfcc.mean(1), *mfcc.std(1), *chroma, tempo], tempo, max(scores, key=scores.get)


def bliss(paths):
    import bliss_audio
    for path in paths:
        numbers = list(bliss_audio.Song(path).analysis)
        yield path, numbers, (numbers[0] + 1) / 2 * BLISS_FASTEST, None


HEARERS = {"sillon": sillon, "sillon-windows": lambda paths: sillon(paths, "--windows"), "librosa": librosa, "bliss": bliss}


def hear(name, folder):
    paths = [path for piece in listed(folder) for path in (piece["path"], *piece["copies"].values())]
    target = os.path.join(folder, name + ".jsonl")
    with open(target + ".part", "w") as out:
        for path, vector, bpm, key in HEARERS[name](paths):
            print(json.dumps({"path": path, "vector": vector and [float(x) for x in vector], "bpm": bpm, "key": key}), file=out)
    os.rename(target + ".part", target)


def units(name, vectors, originals):
    """Sillon's vectors are ready to be compared; the peers' are standardised first."""
    if not name.startswith("sillon"):
        vectors = (vectors - originals.mean(0)) / (originals.std(0) + 1e-9)
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12)


def copies_row(kind, pieces, heard, vectors, base):
    nearest = (vectors @ base.T).argmax(1)
    found = np.mean(nearest == np.arange(len(pieces)))
    tempo, key, counted = [], [], 0
    for piece in pieces:
        old, new = heard[piece["path"]], heard[piece["copies"][kind]]
        if old["bpm"]:
            tempo.append(new["bpm"] is not None and abs(new["bpm"] / old["bpm"] - 1) < 0.02)
        if old["key"]:
            key.append(new["key"] == old["key"])
    distance = np.median(1 - (vectors * base).sum(1)) / np.median(1 - (base @ base.T)[~np.eye(len(base), dtype=bool)])
    shown = lambda values: f"{100 * np.mean(values):.1f}" if values else "–"
    return f"{found:.3f} | {shown(tempo)} | {shown(key)} | {distance:.4f}"


def skewness(values):
    return float(np.mean((values - values.mean()) ** 3) / (values.std() ** 3 + 1e-12))


def style_row(base, styles, neighbours=5, hub=10):
    near = base @ base.T
    np.fill_diagonal(near, -2)
    order = (-near).argsort(1)[:, :-1]
    same = styles[order] == styles[:, None]
    asked = same.any(1)
    ranks = np.arange(1, same.shape[1] + 1)
    precision = same[asked][:, :neighbours].mean()
    average = np.mean([(row.cumsum() / ranks)[row].mean() for row in same[asked]])
    return f"{precision:.3f} | {average:.3f} | {skewness(np.bincount(order[:, :hub].ravel(), minlength=len(base)).astype(float)):.2f}"


def table(folder):
    pieces = listed(folder)
    names = sorted((n[:-6] for n in os.listdir(folder) if n.endswith(".jsonl") and n != "list.jsonl"), key=lambda n: (not n.startswith("sillon"), n))
    everything = {}
    for name in names:
        with open(os.path.join(folder, name + ".jsonl")) as file:
            everything[name] = {entry["path"]: entry for entry in map(json.loads, file)}
    whole = [p for p in pieces if all(heard.get(path, {}).get("vector") for heard in everything.values() for path in (p["path"], *p["copies"].values()))]
    print(f"{len(whole)} of {len(pieces)} pieces, each with {len(COPIES)} copies.\n")
    print("| copy | vector | finds its original first | same tempo % | same key % | distance / median distance |\n|---|---|---|---|---|---|")
    matrix = lambda name, paths: np.array([everything[name][path]["vector"] for path in paths], float)
    base = {name: matrix(name, [p["path"] for p in whole]) for name in names}
    for kind in COPIES:
        for name in names:
            vectors = units(name, matrix(name, [p["copies"][kind] for p in whole]), base[name])
            print(f"| {kind} | {name} | {copies_row(kind, whole, everything[name], vectors, units(name, base[name], base[name]))} |")
    print("\n| set | pieces | styles | vector | same style P@5 | MAP | skew of N10 |\n|---|---|---|---|---|---|---|")
    for group in sorted({p["set"] for p in whole}):
        chosen = [i for i, p in enumerate(whole) if p["set"] == group]
        styles = np.array([whole[i]["style"] for i in chosen])
        for name in names:
            own = base[name][chosen]
            print(f"| {group} | {len(chosen)} | {len(set(styles))} | {name} | {style_row(units(name, own, own), styles)} |")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], sys.argv[3:])
    elif sys.argv[1] == "hear":
        hear(sys.argv[2], sys.argv[3])
    else:
        table(sys.argv[2])
