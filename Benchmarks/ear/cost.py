#!/usr/bin/env python3
"""User CPU of decoding, of Sillon's analysis and of bliss on the same files, in turn: cost.py [ROUNDS] FILE...

Prints, as Markdown and for each codec: seconds for a minute of audio, and how many times the decoding that is. Each figure is
the median over the files of the least of the rounds, with the quartiles. Sillon is the executable that EAR_BENCH names; run
it with the Python that has bliss (`run --help`).
"""
import collections
import json
import os
import resource
import statistics
import subprocess
import sys


def sillon(rounds, path):
    out = subprocess.run([os.environ["EAR_BENCH"], "time", str(rounds), path], stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def bliss(rounds, path):
    import bliss_audio
    least = float("inf")
    for _ in range(rounds):
        start = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        bliss_audio.Song(path)
        least = min(least, resource.getrusage(resource.RUSAGE_SELF).ru_utime - start)
    return least


def spread(values):
    low, middle, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


def main():
    rounds = int(sys.argv[1]) if sys.argv[1].isdigit() else 5
    paths = sys.argv[2:] if sys.argv[1].isdigit() else sys.argv[1:]
    minutes, ratios = collections.defaultdict(list), collections.defaultdict(list)
    kinds = []
    for path in paths:
        lines = sillon(rounds, path)
        cpu = {line["kind"]: line["cpu"] for line in lines} | {"bliss": bliss(rounds, path)}
        kinds = list(cpu)
        for codec in (path.rsplit(".", 1)[1], "all"):
            for kind, seconds in cpu.items():
                minutes[codec, kind].append(60 * seconds / lines[0]["seconds"])
                ratios[codec, kind].append(seconds / cpu["decode"])
    print("| codec | files |" + "".join(f" {kind} |" for kind in kinds) + "\n|---|---|" + "---|" * len(kinds))
    for codec in sorted({codec for codec, _ in minutes}, key=lambda c: (c == "all", c)):
        print(f"| {codec}, s/min | {len(minutes[codec, 'decode'])} |" + "".join(f" {statistics.median(minutes[codec, kind]):.3f} |" for kind in kinds))
        print(f"| {codec}, × decode | |" + "".join(f" {spread(ratios[codec, kind])} |" for kind in kinds))


if __name__ == "__main__":
    main()
