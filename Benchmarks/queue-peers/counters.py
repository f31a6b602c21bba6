"""What a drain used: CPU of process trees, and what PostgreSQL counted."""

import os
import pathlib
import subprocess
import time

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")

# Seconds that the backends of a finished program may take to go; each hands in its counts as it goes.
GOODBYE_LIMIT = 30


def process_tree(pid):
    """A process and all that descend from it."""
    yield pid
    for children in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:
            continue  # the thread has ended
        for child in found:
            yield from process_tree(int(child))


def tree_cpu(pid):
    """CPU seconds of a tree, user and system: of those that live, and of those they have waited for."""
    ticks = 0
    for member in process_tree(pid):
        try:
            stat = pathlib.Path(f"/proc/{member}/stat").read_text()
        except OSError:
            continue  # it has ended; its parent has its time
        # After the name, which may hold spaces: utime stime cutime cstime are the 12th to 15th.
        ticks += sum(int(field) for field in stat.rpartition(")")[2].split()[11:15])
    return ticks / TICKS_PER_SECOND


class Postgres:
    """The throw-away server; every question is a psql of its own, so that no session of ours stays open."""

    def __init__(self, url, pid, psql):
        self.base, _, self.home = url.rpartition("/")
        self.pid = pid
        self.psql = psql

    def url(self, database):
        return f"{self.base}/{database}"

    def ask(self, sql, database=None):
        command = [self.psql, self.url(database or self.home), "-X", "-Atq", "-v", "ON_ERROR_STOP=1", "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def create(self, database):
        self.ask(f"CREATE DATABASE {database}")
        # The first change of a page after a checkpoint writes the whole page: every drain starts alike.
        self.ask("CHECKPOINT")

    def drop(self, database):
        self.ask(f"DROP DATABASE {database} WITH (FORCE)")

    def wal_position(self):
        """Bytes of WAL that the server has made."""
        return int(self.ask("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"))

    def wait_until_unused(self, database):
        """A backend hands in its counts once a second, and when it goes: afterwards they are complete."""
        deadline = time.monotonic() + GOODBYE_LIMIT
        asked = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND backend_type = 'client backend'"
        while self.ask(asked) != "0":
            if time.monotonic() > deadline:
                raise SystemExit(f"measure.py: sessions in {database} do not end")
            time.sleep(0.05)

    def counts(self, database):
        """Commits, and rows inserted, updated and deleted in all tables."""
        answer = self.ask(
            f"SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = '{database}'),"
            " sum(n_tup_ins), sum(n_tup_upd), sum(n_tup_del) FROM pg_stat_user_tables",
            database,
        )
        commits, *rows = (int(value or 0) for value in answer.split("|"))
        return dict(zip(("commits", "inserts", "updates", "deletes"), (commits, *rows)))


class OldSnapshot:
    """A transaction that has looked at the database and stays open, as a forgotten report or a backup does."""

    def __init__(self, postgres, database):
        command = [postgres.psql, postgres.url(database), "-X", "-Atq"]
        self.session = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.session.stdin.write("BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT 1;\n")
        self.session.stdin.flush()
        self.session.stdout.readline()

    def close(self):
        self.session.stdin.close()
        self.session.wait()
