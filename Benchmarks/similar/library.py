"""A library of many tracks on each engine: how soon a server that starts answers and stops, how soon a new vector is found,
and how long `/similar` takes while the machine has other things to do. Started by `run library`."""

import argparse
import base64
import hashlib
import http.client
import json
import os
import pathlib
import signal
import socket
import sqlite3
import statistics
import subprocess
import threading
import time

FOLDER = pathlib.Path(os.environ.get("BENCH_FOLDER", "."))
DIMENSION = 126
TRACKS_IN_FOLDER = 12
DETAILS = {
    "metadata": {
        "album_artists": [], "artists": ["Nobody"], "compilation": False, "extra": {}, "genres": [],
        "musicbrainz": {"album_artists": [], "artists": []}, "replaygain": {}, "title": "Nothing",
    },
    "properties": {"codec": "flac"},
}  # fmt: skip


def main():
    options = parse()
    report = [measure(engine, options) for engine in options.engines.split(",")]
    print(json.dumps(report) if options.json else "\n\n".join(text(engine) for engine in report))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, prog="Benchmarks/similar/run library")
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--engines", default="sqlite,postgres")
    parser.add_argument("--analyses", type=int, default=4, help="that go on while requests are timed")
    parser.add_argument("--scan-files", type=int, default=20_000, help="of a scan that goes on meanwhile")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def measure(engine, options):
    library = LIBRARIES[engine](FOLDER / engine)
    library.sillon("migrate", "up")
    library.insert_tracks(options.tracks + options.rounds)
    vectors = Vectors(options.tracks + options.rounds)
    start = time.perf_counter()
    library.take(vectors.records(range(options.tracks)))
    report = {"engine": engine, "tracks": options.tracks, "import_s": time.perf_counter() - start, "start": [],
              "in_memory_ms": [], "new": []}  # fmt: skip
    music = Music(options)
    for number in range(options.rounds):
        with Server(library) as server:
            report["start"].append(server.start_ms)
            report["in_memory_ms"].append(server.in_memory_ms())
            report["new"].append(new_vector(server, library, vectors, options.tracks + number))
    with Server(library) as server:
        report["quiet"] = ask(server, options)
        report["memory_mb"] = server.memory_mb()
    with Server(library, music.folder) as server:
        with music.heard():
            scan = server.scan(music.folder)
            report["busy"] = ask(server, options)
            report["scan_went_on"] = server.goes_on(scan)
    report["stop"] = [stop_under_load(library, music) for _ in range(options.rounds)]
    return report


def stop_under_load(library, music):
    """Milliseconds from the signal to the end of a server that scans, listens and answers."""
    with Server(library, music.folder) as server:
        server.post("/v1/roots", {"path": str(music.pieces)})
        # Everything again, so that each round has as much to do.
        server.scan(music.folder, mode="full")
        heard = server.scan(music.pieces, until="vector", mode="full")
        with Askers(server, 4):
            while server.get("/v1/tasks?state=running&kind=analyze_audio")["items"] == []:
                assert server.goes_on(heard), "nothing was listened to"
            return server.stop_ms()


def new_vector(server, library, vectors, number):
    """Milliseconds from the commit of a vector by another process to an answer about its track."""
    library.take(vectors.records([number]))
    start = time.perf_counter()
    answer = server.get(f"/v1/tracks/{number + 1}/similar?limit=20")
    milliseconds = (time.perf_counter() - start) * 1000
    assert len(answer["items"]) == 20, answer
    return milliseconds


def ask(server, options):
    """Beside each request this process sleeps a millisecond: how late it wakes up is what the machine adds to everything."""
    times, delays = [], []
    for number in range(options.requests):
        start = time.perf_counter()
        time.sleep(0.001)
        delays.append((time.perf_counter() - start) * 1000 - 1)
        start = time.perf_counter()
        server.get(f"/v1/tracks/{number * 37 % options.tracks + 1}/similar?limit=20")
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    delays.sort()
    return {"median_ms": statistics.median(times), "p99_ms": times[len(times) * 99 // 100], "slowest_ms": times[-1],
            "delay_p99_ms": delays[len(delays) * 99 // 100]}  # fmt: skip


class Vectors:
    def __init__(self, count):
        import numpy

        random = numpy.random.default_rng(1).standard_normal((count, DIMENSION), dtype=numpy.float32)
        self.vectors = random / numpy.linalg.norm(random, axis=1, keepdims=True)

    def records(self, numbers):
        """A portable file."""
        yield {"format": "sillon-analyses", "version": 1}
        count = 0
        for number in numbers:
            key = content_key(number)
            analysis = {"content_key": key, "version": "ear-3", "status": "complete", "duration_ms": 1000,
                        "sample_rate": 44100, "channels": 2}  # fmt: skip
            vector = base64.b64encode(self.vectors[number].tobytes()).decode()
            yield {"content_key": key, "analyses": [analysis], "vectors": [{"model": "acoustic-v1", "vector": vector}]}
            count += 1
        yield {"end_after_records": count}


def content_key(number):
    return hashlib.sha256(str(number).encode()).hexdigest()


class Library:
    def __init__(self, folder):
        folder.mkdir()
        self.folder, self.environment = folder, dict(os.environ)
        self.environment.pop("SILLON_DATABASE_URL", None)

    def sillon(self, *arguments):
        command = [os.environ["BENCH_SILLON"], *arguments, "--data", self.folder / "data"]
        return subprocess.run(
            command, check=True, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ).stdout

    def take(self, records):
        path = self.folder / "records.jsonl"
        with open(path, "w") as file:
            for record in records:
                file.write(json.dumps(record) + "\n")
        self.sillon("vectors", "import", path)

    def rows(self, count):
        """Folders, then tracks, each with the values of `COLUMNS`."""
        folders = [(f"/nowhere/{number}".encode(),) for number in range(-(-count // TRACKS_IN_FOLDER))]
        tracks = (
            (number // TRACKS_IN_FOLDER + 1, f"{number}.flac".encode(), 0, number, number, number, 1,
             content_key(number), 0, 0, "flac", json.dumps(DETAILS))
            for number in range(count)
        )  # fmt: skip
        return folders, tracks

    COLUMNS = "folder_id, name, state, size, mtime_ns, inode, device, content_key, added_at, indexed_at, codec, details"


class SQLiteLibrary(Library):
    def insert_tracks(self, count):
        folders, tracks = self.rows(count)
        with sqlite3.connect(self.folder / "data" / "sillon.db") as database:
            database.executemany("INSERT INTO folder (path) VALUES (?)", folders)
            places = ", ".join("?" * len(self.COLUMNS.split(",")))
            database.executemany(f"INSERT INTO track ({self.COLUMNS}) VALUES ({places})", tracks)
        database.close()


class PostgresLibrary(Library):
    def __init__(self, folder):
        super().__init__(folder)
        server = os.environ["BENCH_POSTGRES_URL"]
        subprocess.run([os.environ["BENCH_PSQL"], server, "-qc", "CREATE DATABASE library"], check=True)
        self.environment["SILLON_DATABASE_URL"] = server.rsplit("/", 1)[0] + "/library"

    def insert_tracks(self, count):
        folders, tracks = self.rows(count)
        self.copy("folder (path)", folders)
        self.copy(f"track ({self.COLUMNS})", tracks)

    def copy(self, table, rows):
        def field(value):
            return "\\\\x" + value.hex() if isinstance(value, bytes) else str(value)

        text = "".join("\t".join(map(field, row)) + "\n" for row in rows)
        subprocess.run(
            [os.environ["BENCH_PSQL"], self.environment["SILLON_DATABASE_URL"], "-qc", f"COPY {table} FROM STDIN"],
            check=True, input=text, text=True)  # fmt: skip


LIBRARIES = {"sqlite": SQLiteLibrary, "postgres": PostgresLibrary}


class Server:
    """`sillon up`, from its start to its first answer."""

    def __init__(self, library, music=None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        data = library.folder / "data"
        self.log = open(library.folder / "log", "w+")
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [os.environ["BENCH_SILLON"], "up", "--data", data, "--port", str(self.port)],
            env={**library.environment, "SILLON_LOG_FORMAT": "json"}, stdout=self.log, stderr=self.log,
        )  # fmt: skip
        self.token = None
        while not self.answers(data):
            time.sleep(0.01)
        self.start_ms = (time.perf_counter() - start) * 1000
        if music:
            self.post("/v1/roots", {"path": str(music)})

    def answers(self, data):
        """Whether a question about a track is answered."""
        assert self.process.poll() is None, "the server ended"
        try:
            self.token = (data / "admin-token").read_text().strip()
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            return len(self.get("/v1/tracks/1/similar?limit=20")["items"]) == 20
        except (OSError, KeyError):
            return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop_ms()
        self.log.close()

    def stop_ms(self):
        start = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return (time.perf_counter() - start) * 1000

    def request(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        self.connection.request(method, path, body and json.dumps(body), headers)
        return json.loads(self.connection.getresponse().read())

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body):
        return self.request("POST", path, body)

    def scan(self, folder, until="index", mode="quick"):
        return self.post("/v1/scans", {"path": str(folder), "until": until, "mode": mode})["scan_id"]

    def goes_on(self, scan):
        return self.get(f"/v1/scans/{scan}")["state"] in ("queued", "running")

    def in_memory_ms(self):
        """What the server itself says that reading the vectors took."""
        self.log.flush()
        for line in pathlib.Path(self.log.name).read_text().splitlines():
            if "The vectors are in memory" in line:
                return int(json.loads(line)["duration_ms"])
        return None

    def memory_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6


class Askers:
    """Clients that ask one question after the other, until the server is gone."""

    def __init__(self, server, count):
        self.threads = [threading.Thread(target=self.ask, args=(server,), daemon=True) for _ in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()

    def __exit__(self, *_):
        for thread in self.threads:
            thread.join()

    @staticmethod
    def ask(server):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        try:
            while True:
                connection.request(
                    "GET", "/v1/tracks/7/similar?limit=20", headers={"Authorization": f"Bearer {server.token}"})
                connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            pass


class Music:
    """Small tagged files to scan, and pieces to listen to."""

    def __init__(self, options):
        self.folder, self.pieces, self.analyses = FOLDER / "music", FOLDER / "pieces", options.analyses
        sillon = os.environ["BENCH_SILLON"]
        subprocess.run([sillon, "bench", "corpus", self.folder, "--files", str(options.scan_files)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        subprocess.run([sillon, "demo", self.pieces], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def heard(self):
        return Listening(sorted(self.pieces.rglob("*.flac")), self.analyses)


class Listening:
    """Analyses that go on all the time, each by a process of its own."""

    LOOP = 'while :; do for file in "$@"; do "$BENCH_SILLON" probe audio "$file" >/dev/null || exit; done; done'

    def __init__(self, pieces, count):
        self.pieces, self.count = pieces, count

    def __enter__(self):
        assert self.pieces, "there is no music to listen to"
        self.loops = [
            subprocess.Popen(["bash", "-c", self.LOOP, "listen", *self.pieces], start_new_session=True)
            for _ in range(self.count)
        ]

    def __exit__(self, *_):
        for loop in self.loops:
            assert loop.poll() is None, "listening failed"
            os.killpg(loop.pid, signal.SIGTERM)
            loop.wait()


def text(report):
    def middle(values):
        return f"{statistics.median(values):.0f} ms ({min(values):.0f} to {max(values):.0f})"

    quiet, busy = report["quiet"], report["busy"]
    return "\n".join([
        f"{report['engine']}, {report['tracks']:,} tracks",
        f"  vectors taken in                   {report['import_s']:.1f} s",
        f"  from the start to the first answer {middle(report['start'])}, reading the vectors"
        f" {middle(report['in_memory_ms'])}",
        f"  memory of the server               {report['memory_mb']:.0f} MB",
        f"  a new vector is in the answers in  {middle(report['new'])}",
        f"  from SIGTERM to its end under load {middle(report['stop'])}",
        f"  /similar on a quiet machine        median {quiet['median_ms']:.1f} ms, 99 of 100 at most"
        f" {quiet['p99_ms']:.1f} ms, slowest {quiet['slowest_ms']:.1f} ms; a sleeper wakes up {quiet['delay_p99_ms']:.1f} ms"
        " late",
        f"  /similar under load                median {busy['median_ms']:.1f} ms, 99 of 100 at most"
        f" {busy['p99_ms']:.1f} ms, slowest {busy['slowest_ms']:.1f} ms; a sleeper wakes up {busy['delay_p99_ms']:.1f} ms"
        " late"
        + ("" if report["scan_went_on"] else " (the scan ended before)"),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
