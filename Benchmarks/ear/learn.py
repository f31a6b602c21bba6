#!/usr/bin/env python3
"""Learns the frozen constants of acoustic-v1: ear-bench analyze FILE... | learn.py > Sources/Similarity/AcousticV1Constants.swift"""
import json
import sys


def main():
    rows = [a["features"] for line in sys.stdin if (a := json.loads(line).get("analysis")) and a.get("features")]
    if len(rows) < 100:
        sys.exit(f"only {len(rows)} analyses with features: too few to learn from")
    columns = list(zip(*rows))
    means = [sum(c) / len(c) for c in columns]
    deviations = [(sum((x - m) ** 2 for x in c) / len(c)) ** 0.5 for c, m in zip(columns, means)]
    print(f"""/// Mean and standard deviation of each raw feature over {len(rows)} rendered excerpts. Frozen: another set of numbers is
/// another model. Written by Benchmarks/ear/learn.py.
enum AcousticV1Constants {{""")
    for name, values in (("means", means), ("deviations", deviations)):
        print(f"    static let {name}: [Double] = [")
        for start in range(0, len(values), 8):
            print("        " + ", ".join(f"{v:.6g}" for v in values[start:start + 8]) + ",")
        print("    ]")
    print("}")


if __name__ == "__main__":
    main()
