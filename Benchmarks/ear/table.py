#!/usr/bin/env python3
"""The score table, as Markdown: table.py FOLDER [DOCUMENT]. Reads FOLDER/SET/truth.csv and FOLDER/SET/ANALYSER.jsonl
(peers.py); writes to standard output, or into DOCUMENT between the lines <!-- table --> and <!-- end of table -->.

Acc1: share of the pieces whose tempo is within 4 %. Acc2: also at twice, three times, half or a third of it. Key: the
MIREX score (same 1, fifth 0.5, relative 0.3, parallel 0.2).
"""
import csv
import json
import os
import sys

import sets
from midi import KEYS

BEGIN, END = "<!-- table -->", "<!-- end of table -->"
ANALYSERS = ["sillon", "librosa", "aubio", "bliss"]


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


def tempo_scores(found, truth):
    near = [factor for factor in (1, 2, 3, 1 / 2, 1 / 3) if abs((found or 0) / (truth * factor) - 1) < 0.04]
    return int(1 in near), int(bool(near))


def load(folder, analyser):
    """(rows of truth with what was found, user seconds a minute)"""
    with open(os.path.join(folder, "truth.csv"), newline="") as file:
        truth = {row["path"]: row for row in csv.DictReader(file)}
    rows, cpu = [], None
    with open(os.path.join(folder, f"{analyser}.jsonl")) as file:
        for entry in map(json.loads, file):
            if "cpu" in entry:
                cpu = entry["cpu"] / (entry["files"] * sets.SECONDS / 60)
            elif row := truth.get(entry["path"]):
                acc1, acc2 = tempo_scores(entry["bpm"], float(row["bpm"]))
                rows.append(row | {"found": entry["bpm"] or 0, "found_key": entry["key"], "acc1": acc1, "acc2": acc2, "mirex": key_score(entry["key"], row["key"])})
    return rows, cpu


def mean(rows, name):
    return sum(row[name] for row in rows) / max(1, len(rows))


def percent(rows, name):
    return f"{100 * mean(rows, name):.1f}"


def systems(folder, names):
    yield "| set | pieces | analyser | tempo Acc1 % | tempo Acc2 % | key | CPU s/min |"
    yield "|---|---|---|---|---|---|---|"
    for name in names:
        for analyser in ANALYSERS:
            if not os.path.exists(os.path.join(folder, name, f"{analyser}.jsonl")):
                continue
            rows, cpu = load(os.path.join(folder, name), analyser)
            key = f"{mean(rows, 'mirex'):.3f}" if any(row["found_key"] for row in rows) else "–"
            cost = "–" if cpu is None else f"{cpu:.2f}"
            yield f"| {name} | {len(rows)} | {analyser} | {percent(rows, 'acc1')} | {percent(rows, 'acc2')} | {key} | {cost} |"


def kind(ratio):
    names = {"half": 1 / 2, "double": 2, "two thirds": 2 / 3, "three halves": 3 / 2, "third": 1 / 3, "triple": 3}
    return next((name for name, factor in names.items() if abs(ratio / factor - 1) < 0.04), "other")


def styles(folder, names):
    """The styles in which Sillon errs."""
    yield "| set | style | pieces | tempo Acc1 % | Acc2 % | key | tempo errors |"
    yield "|---|---|---|---|---|---|---|"
    for name in names:
        rows, _ = load(os.path.join(folder, name), "sillon")
        for style in dict.fromkeys(row["style"] for row in rows):
            some = [row for row in rows if row["style"] == style]
            wrong = [kind(row["found"] / float(row["bpm"])) for row in some if not row["acc1"]]
            if not wrong and mean(some, "mirex") > 0.6:
                continue
            errors = ", ".join(f"{wrong.count(w)} {w}" for w in dict.fromkeys(wrong))
            scores = f"{percent(some, 'acc1')} | {percent(some, 'acc2')} | {mean(some, 'mirex'):.2f}"
            yield f"| {name} | {style} | {len(some)} | {scores} | {errors} |"


def main():
    folder = sys.argv[1]
    names = [name for name in sets.SETS if os.path.exists(os.path.join(folder, name, "sillon.jsonl"))]
    table = "\n".join([*systems(folder, names), "", *styles(folder, names)])
    if len(sys.argv) < 3:
        return print(table)
    with open(sys.argv[2]) as file:
        before, rest = file.read().split(BEGIN, 1)
    with open(sys.argv[2], "w") as file:
        file.write(f"{before}{BEGIN}\n{table}\n{END}{rest.split(END, 1)[1]}")


if __name__ == "__main__":
    main()
