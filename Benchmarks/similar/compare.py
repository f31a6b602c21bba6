"""Times the search for the 20 nearest vectors, program after program, round after round. Started by `run`."""

import argparse
import json
import os
import pathlib
import platform
import sqlite3
import statistics
import subprocess
import sys
import time

LIMIT = 20
FOLDER = pathlib.Path(os.environ.get("BENCH_FOLDER", "."))


def main():
    options = parse()
    cells = []
    for size in options.sizes.split(","):
        vectors, dimension = (int(number) for number in size.split("x"))
        cells.append(measure(vectors, dimension, options))
        print(f"{size} is done", file=sys.stderr)
    report = {"machine": machine(), "rounds": options.rounds, "queries": options.queries, "vectors": options.vectors,
              "cells": cells}  # fmt: skip
    print(json.dumps(report) if options.json else text(report))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, prog="Benchmarks/similar/run")
    parser.add_argument("--sizes", default="100000x64,100000x126,1000000x64,1000000x126", help="VECTORSxDIMENSION,...")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--queries", type=int, default=100, help="one after the other, in each round")
    parser.add_argument("--peers", default="faiss,numpy", help="of faiss, numpy, hnswlib, sqlite-vec")
    parser.add_argument(
        "--vectors", choices=["random", "clustered"], default="random",
        help="directions that are all alike, or heaps of near ones as styles of music make them")  # fmt: skip
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def make(count, dimension, kind, random):
    import numpy

    vectors = random.standard_normal((count, dimension), dtype=numpy.float32)
    if kind == "clustered":
        centres = numpy.random.default_rng(0).standard_normal((100, dimension), dtype=numpy.float32)
        vectors = 0.5 * vectors + centres[random.integers(0, len(centres), count)]
    vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def measure(count, dimension, options):
    import numpy

    random = numpy.random.default_rng(options.seed)
    base = make(count, dimension, options.vectors, random)
    asked = make(options.queries, dimension, options.vectors, random)
    base.tofile(FOLDER / "base.f32")
    asked.tofile(FOLDER / "asked.f32")
    truth = [set(best(base @ query)) for query in asked]
    programs = {"sillon": Sillon(dimension)}
    for name in filter(None, options.peers.split(",")):
        programs[name] = PEERS[name](base)
    times, found = {name: [] for name in programs}, {}
    for _ in range(options.rounds):
        for name, program in programs.items():
            milliseconds, found[name] = program.search(asked)
            times[name].append(milliseconds)
    cell = {"size": f"{count}x{dimension}", "programs": {}}
    for name, program in programs.items():
        right = sum(len(set(ids) & ids_true) for ids, ids_true in zip(found[name], truth))
        cell["programs"][name] = {
            "ms": spread(times[name]), "recall": right / (LIMIT * len(truth)),
            "of_faiss": spread([a / b for a, b in zip(times[name], times.get("faiss", []))]), **program.more,
        }  # fmt: skip
    return cell


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)} if values else None


def best(scores):
    import numpy

    part = numpy.argpartition(-scores, LIMIT)[:LIMIT]
    return part[numpy.argsort(-scores[part])]


def timed(search, asked):
    """The median of the searches, in milliseconds, and what each found."""
    times, found = [], []
    for query in asked:
        start = time.perf_counter()
        ids = search(query)
        times.append((time.perf_counter() - start) * 1000)
        found.append([int(number) for number in ids])
    return statistics.median(times), found


class Sillon:
    """A process of its own in each round; building the index is not part of the time."""

    def __init__(self, dimension):
        self.dimension, self.more = dimension, {}

    def search(self, _):
        output = subprocess.run(
            [os.environ["BENCH_SILLON"], "bench", "similar", "--base", FOLDER / "base.f32", "--asked",
             FOLDER / "asked.f32", "--dimension", str(self.dimension), "--compared", "0", "--json", "--answers"],
            check=True, capture_output=True, text=True).stdout  # fmt: skip
        report = json.loads(output)
        self.more = {
            "memory_mb": report["peak_memory_mb"], "own_mb": report["peak_memory_mb"] - report["program_memory_mb"],
            "build_ms": report["build_ms"],
            "new_vector_ms": report["new_vector_ms"]["median"],
        }  # fmt: skip
        return report["search_ms"]["median"], report["answers"]


class Faiss:
    def __init__(self, base):
        import faiss

        faiss.omp_set_num_threads(1)
        self.more, self.index = {}, faiss.IndexFlatIP(base.shape[1])
        self.index.add(base)

    def search(self, asked):
        return timed(lambda query: self.index.search(query[None, :], LIMIT)[1][0], asked)


class Numpy:
    def __init__(self, base):
        self.more, self.base = {}, base

    def search(self, asked):
        return timed(lambda query: best(self.base @ query), asked)


class Hnswlib:
    """An approximate index: what it takes to build it is told beside."""

    def __init__(self, base):
        import hnswlib

        start = time.perf_counter()
        self.index = hnswlib.Index(space="ip", dim=base.shape[1])
        self.index.init_index(max_elements=len(base), ef_construction=200, M=16)
        self.index.add_items(base, num_threads=1)
        self.index.set_ef(400)
        self.index.set_num_threads(1)
        self.more = {"build_ms": (time.perf_counter() - start) * 1000}

    def search(self, asked):
        return timed(lambda query: self.index.knn_query(query, k=LIMIT)[0][0], asked)


class SqliteVec:
    def __init__(self, base):
        import sqlite_vec

        self.more, self.database = {}, sqlite3.connect(":memory:")
        self.database.enable_load_extension(True)
        sqlite_vec.load(self.database)
        self.database.execute(f"CREATE VIRTUAL TABLE v USING vec0(e float[{base.shape[1]}] distance_metric=cosine)")
        self.database.executemany(
            "INSERT INTO v(rowid, e) VALUES (?, ?)", ((number, row.tobytes()) for number, row in enumerate(base)))

    def search(self, asked):
        question = f"SELECT rowid FROM v WHERE e MATCH ? AND k = {LIMIT}"
        return timed(lambda query: [row[0] for row in self.database.execute(question, (query.tobytes(),))], asked)


PEERS = {"faiss": Faiss, "numpy": Numpy, "hnswlib": Hnswlib, "sqlite-vec": SqliteVec}


def machine():
    import importlib.metadata

    names = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    packages = {}
    for package in ("faiss-cpu", "numpy", "hnswlib", "sqlite-vec"):
        try:
            packages[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {"processor": names[0] if names else platform.machine(), "load": os.getloadavg()[0], "packages": packages}


def text(report):
    machine = report["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    lines = [
        f"{machine['processor']}, load {machine['load']:.1f}; {packages}",
        f"{report['rounds']} rounds in turn, {report['queries']} searches in each, one thread, {report['vectors']}"
        " vectors; medians of the rounds' medians, with their range",
    ]
    for cell in report["cells"]:
        lines += ["", f"| {cell['size']} | ms | of FAISS | recall@{LIMIT} | |", "|---|---|---|---|---|"]
        for name, program in cell["programs"].items():
            ms, ratio = program["ms"], program["of_faiss"]
            units = {"memory_mb": "memory {:.0f} MB", "own_mb": "without the program's and libraries' pages {:.0f} MB",
                     "build_ms": "built in {:.0f} ms", "new_vector_ms": "new {:.3f} ms"}
            more = ", ".join(unit.format(program[key]) for key, unit in units.items() if program.get(key) is not None)
            lines.append(
                f"| {name} | {ms['median']:.2f} ({ms['min']:.2f} to {ms['max']:.2f}) |"
                f" {ratio['median']:.2f}x | {program['recall']:.4f} | {more} |" if ratio else
                f"| {name} | {ms['median']:.2f} ({ms['min']:.2f} to {ms['max']:.2f}) | | {program['recall']:.4f} | {more} |"
            )  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    main()
