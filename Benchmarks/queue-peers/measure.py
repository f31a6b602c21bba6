#!/usr/bin/env python3
"""Drains no-op tasks through sillon and its peers in turn, and prints medians, ranges and ratios. Started by `run`."""

import argparse
import datetime
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import pathlib
import time

from counters import OldSnapshot, Postgres, tree_cpu
from report import text_report

HERE = pathlib.Path(__file__).parent

# Seconds that one step of a program may take.
STEP_LIMIT = 1800


class Cell:
    """One thing to measure: a program, the engine below it, and what makes the drain hard."""

    def __init__(self, name, engine, command, warmup=0, old_snapshot=False, has_ballast=False):
        self.name = name
        self.engine = engine
        self.command = command
        self.warmup = warmup
        self.old_snapshot = old_snapshot
        # Tasks that are queued and never drained spoil the server's counts per task.
        self.has_ballast = has_ballast


def all_cells(options):
    """Every cell by name, in the order of a round."""
    environment = os.environ
    python, tasks = environment["BENCH_PYTHON"], str(options.tasks)

    def peer(name, engine, script, count=tasks, *more):
        return Cell(name, engine, lambda url: [python, str(HERE / script), url, count, *more])

    def sillon(name, engine, *more, **how):
        def command(url):
            where = ["--database", url] if engine == "postgres" else ["--folder", environment["BENCH_FOLDER"]]
            ours = [environment["BENCH_SILLON"], "bench", "queue", "--paced", "--json", "--repeats", "1", "--tasks", tasks]
            return [*ours, *where, *more]

        return Cell(name, engine, command, **how)

    cells = [
        Cell("c-loop", "postgres", lambda url: [environment["BENCH_CLAIM_LOOP"], url, tasks]),
        sillon("sillon", "postgres"),
        peer("pgqueuer", "postgres", "drain_pgqueuer.py"),
        sillon("sillon-sqlite", "sqlite"),
        peer("celery", "redis", "drain_celery.py", str(options.slow_tasks)),
        peer("procrastinate", "postgres", "drain_procrastinate.py", str(options.slow_tasks), "10"),
        peer("procrastinate:default", "postgres", "drain_procrastinate.py", str(options.slow_tasks), "1"),
    ]
    crowd, history = ("--scheduled", str(options.scheduled)), options.churn
    for name, engine in (("sillon", "postgres"), ("sillon-sqlite", "sqlite")):
        cells += [
            sillon(f"{name}:chain", engine, "--chain", "3"),
            sillon(f"{name}:scheduled", engine, *crowd, has_ballast=True),
            # The same history without the snapshot, to compare with.
            sillon(f"{name}:churned", engine, "--warmup", str(history), warmup=history),
            sillon(f"{name}:snapshot", engine, "--warmup", str(history), warmup=history, old_snapshot=True),
        ]
    return {cell.name: cell for cell in cells}


class Program:
    """A running program that keeps pace: see pace.py."""

    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def expect(self, word):
        line = self.process.stdout.readline().strip()
        if line != word:
            self.process.kill()
            raise SystemExit(f'measure.py: {self.name} said "{line}" instead of "{word}"')

    def go_on(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def finish(self):
        self.process.stdin.close()
        rest = self.process.stdout.read()
        status = self.process.wait(timeout=STEP_LIMIT)
        if status != 0:
            # The drain was complete, so its figures stand; the end was not, which is worth a look.
            print(f"measure.py: {self.name} ended with {status} after its drain", file=sys.stderr)
        return rest


class Bench:
    def __init__(self, options):
        environment = os.environ
        self.options = options
        self.postgres = Postgres(
            environment["BENCH_POSTGRES_URL"], int(environment["BENCH_POSTGRES_PID"]), environment["BENCH_PSQL"]
        )
        self.redis_pid = int(environment["BENCH_REDIS_PID"])

    def measure(self, cell):
        """One drain, on a database of its own."""
        if cell.engine != "postgres":
            return self.drain(cell, os.environ["BENCH_REDIS_URL"], None)
        database = "bench"
        self.postgres.create(database)
        try:
            return self.drain(cell, self.postgres.url(database), database)
        finally:
            self.postgres.drop(database)

    def drain(self, cell, url, database):
        program = Program(cell.name, cell.command(url))
        program.expect("ready")
        snapshot = self.open_snapshot(database) if cell.old_snapshot else None
        before = self.database_state(database)
        program.go_on()
        program.expect("filled")
        if database:
            self.postgres.ask("ANALYZE", database)
        program.go_on()
        program.expect("first")
        start, client, server = time.monotonic(), tree_cpu(program.process.pid), self.server_cpu(cell)
        program.expect("last")
        seconds = time.monotonic() - start
        client, server = tree_cpu(program.process.pid) - client, self.server_cpu(cell) - server
        rest = program.finish()
        if snapshot:
            snapshot.close()
        tasks = self.tasks(cell)
        figures = {
            "tasks_per_second": tasks / seconds,
            "client_us": client * 1e6 / tasks,
            "server_us": server * 1e6 / tasks,
            "cpu_us": (client + server) * 1e6 / tasks,
        }
        if database:
            counts = self.database_figures(before, database, tasks + cell.warmup)
            figures |= {} if cell.has_ballast else counts
        return figures | claim_figures(rest)

    def tasks(self, cell):
        return self.options.slow_tasks if cell.name.startswith(("celery", "procrastinate")) else self.options.tasks

    def server_cpu(self, cell):
        if cell.engine == "sqlite":
            return 0.0
        return tree_cpu(self.postgres.pid if cell.engine == "postgres" else self.redis_pid)

    def open_snapshot(self, database):
        if database:
            return OldSnapshot(self.postgres, database)
        return open_sqlite_snapshot(os.environ["BENCH_FOLDER"])

    def database_state(self, database):
        if not database:
            return None
        return self.postgres.counts(database) | {"wal": self.postgres.wal_position()}

    def database_figures(self, before, database, tasks):
        """Per task, queueing and draining together."""
        self.postgres.wait_until_unused(database)
        after = self.database_state(database)
        return {name: (after[name] - before[name]) / tasks for name in after}


def open_sqlite_snapshot(folder):
    """A reader on the newest bench database below `folder`."""
    newest = max(pathlib.Path(folder).glob("sillon-bench-*/sillon.db"), key=lambda path: path.stat().st_mtime)
    connection = sqlite3.connect(f"file:{newest}?mode=ro", uri=True, isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM task").fetchone()
    return connection


def claim_figures(rest):
    """How long a claim took, which only sillon tells."""
    if not rest.strip().startswith("{"):
        return {}
    return {"claim_ms": json.loads(rest)["claim_milliseconds"]["median"]}


def summary(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "values": values}


def describe_machine(bench):
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    pip = [os.environ["BENCH_PYTHON"], "-m", "pip", "list", "--format", "json"]
    installed = json.loads(subprocess.run(pip, check=True, capture_output=True, text=True).stdout)
    peers = ("pgqueuer", "asyncpg", "procrastinate", "psycopg", "celery", "redis")
    redis = subprocess.run(["redis-server", "--version"], check=True, capture_output=True, text=True).stdout
    return {
        "at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "processor": models[0] if models else platform.machine(),
        "kernel": platform.release(),
        "postgresql": bench.postgres.ask("SHOW server_version"),
        "synchronous_commit": bench.postgres.ask("SHOW synchronous_commit"),
        "fsync": bench.postgres.ask("SHOW fsync"),
        "redis_server": redis.split("v=")[1].split()[0],
        "python": platform.python_version(),
        "packages": {item["name"]: item["version"] for item in installed if item["name"] in peers},
    }


def run_all(bench, cells, repeats):
    drains, loads = {cell.name: [] for cell in cells}, []
    for repeat in range(repeats):
        for cell in cells:
            loads.append(os.getloadavg()[0])
            figures = bench.measure(cell)
            drains[cell.name].append(figures)
            print(
                f"{repeat + 1}/{repeats} {cell.name}: {figures['tasks_per_second']:.0f} tasks/s,"
                f" {figures['cpu_us']:.1f} us CPU a task, load {loads[-1]:.1f}",
                file=sys.stderr,
            )
    cell_reports = {
        name: {figure: summary([drain[figure] for drain in found]) for figure in found[0]}
        for name, found in drains.items()
    }
    return {"load": summary(loads), "cells": cell_reports}


def main():
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("--tasks", type=int, default=20_000, help="tasks in each drain (20000)")
    parser.add_argument("--slow-tasks", type=int, help="tasks for celery and procrastinate (as many)")
    parser.add_argument("--repeats", type=int, default=5, help="rounds (5)")
    parser.add_argument("--scheduled", type=int, default=100_000, help="tasks for later in :scheduled (100000)")
    parser.add_argument("--churn", type=int, default=100_000, help="tasks drained before :snapshot (100000)")
    parser.add_argument("--cells", help="names with commas between; all when absent, a bad one lists them")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    options.slow_tasks = options.slow_tasks or options.tasks

    known = all_cells(options)
    names = options.cells.split(",") if options.cells else list(known)
    if strangers := [name for name in names if name not in known]:
        parser.error(f"unknown: {', '.join(strangers)}; there are {', '.join(known)}")
    bench = Bench(options)
    report = {"machine": describe_machine(bench), "tasks": options.tasks, "repeats": options.repeats}
    report |= run_all(bench, [known[name] for name in names], options.repeats)
    print(json.dumps(report, indent=2) if options.json else text_report(report))


if __name__ == "__main__":
    main()
