"""How long music players wait for lists of a large library: a full sync by empty search3 pages, the deepest page, and the
lists that they open with. Started by `run`."""

import argparse
import http.client
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import time

FOLDER = pathlib.Path(os.environ["BENCH_FOLDER"])
SILLON = os.environ["BENCH_SILLON"]
PAGE = 500


def main():
    parser = argparse.ArgumentParser(description=__doc__, prog="Benchmarks/players/run")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--engines", default="sqlite,postgres")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    music = FOLDER / "music"
    subprocess.run([SILLON, "bench", "corpus", music, "--files", str(options.files)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    report = [measure(engine, music, options) for engine in options.engines.split(",")]
    print(json.dumps(report) if options.json else "\n\n".join(map(text, report)))


def measure(engine, music, options):
    with Server(engine) as server:
        server.scan(music)
        tracks = server.library()["tracks"]
        start = time.perf_counter()
        pages = []
        found = 0
        while True:
            begin = time.perf_counter()
            songs = server.rest("search3", query="", artistCount=0, albumCount=0, songCount=PAGE, songOffset=found)
            songs = songs["searchResult3"].get("song", [])
            if not songs:
                break
            pages.append((time.perf_counter() - begin) * 1000)
            found += len(songs)
        whole = time.perf_counter() - start
        assert found == tracks, f"{found} of {tracks} tracks came"
        deep = max(0, tracks - PAGE)
        questions = {
            "deepest page of search3": ("search3", dict(query="", artistCount=0, albumCount=0, songCount=PAGE, songOffset=deep)),
            "getArtists": ("getArtists", {}),
            "getRandomSongs, 500": ("getRandomSongs", dict(size=PAGE)),
            "getGenres": ("getGenres", {}),
            **{f"getAlbumList2 {kind}": ("getAlbumList2", dict(type=kind, size=PAGE))
               for kind in ["newest", "alphabeticalByName", "alphabeticalByArtist", "random", "frequent", "recent",
                            "starred", "highest"]},
            "getAlbumList2 byYear": ("getAlbumList2", dict(type="byYear", fromYear=1900, toYear=2100, size=PAGE)),
        }  # fmt: skip
        times = {name: [server.timed(method, fields) for _ in range(options.rounds)]
                 for name, (method, fields) in questions.items()}  # fmt: skip
        return {"engine": engine, "tracks": tracks, "sync_s": whole, "pages_ms": pages, "questions_ms": times,
                "memory_mb": server.memory_mb()}  # fmt: skip


class Server:
    """`sillon up`, without listening to anything."""

    def __init__(self, engine):
        self.data = FOLDER / engine
        self.data.mkdir()
        self.environment = {**os.environ, "SILLON_LOG_FORMAT": "json"}
        self.environment.pop("SILLON_DATABASE_URL", None)
        if engine == "postgres":
            server = os.environ["BENCH_POSTGRES_URL"]
            subprocess.run([os.environ["BENCH_PSQL"], server, "-qc", "CREATE DATABASE players"], check=True)
            self.environment["SILLON_DATABASE_URL"] = server.rsplit("/", 1)[0] + "/players"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def __enter__(self):
        self.log = open(self.data / "log", "w")
        self.process = subprocess.Popen(
            [SILLON, "up", "--data", self.data, "--port", str(self.port)],
            env=self.environment, stdout=self.log, stderr=self.log)  # fmt: skip
        while True:
            assert self.process.poll() is None, "the server ended"
            try:
                self.token = (self.data / "admin-token").read_text().strip()
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.library()
                return self
            except OSError:
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.log.close()

    def request(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        self.connection.request(method, path, body and json.dumps(body), headers)
        return json.loads(self.connection.getresponse().read())

    def library(self):
        return self.request("GET", "/v1/library")

    def scan(self, folder):
        self.request("POST", "/v1/roots", {"path": str(folder)})
        scan = self.request("POST", "/v1/scans", {"path": str(folder), "until": "index"})["scan_id"]
        while self.request("GET", f"/v1/scans/{scan}")["state"] in ("queued", "running"):
            time.sleep(1)
        if database := self.environment.get("SILLON_DATABASE_URL"):
            # What autovacuum does within minutes; met in the middle of it, every question waits for the processor.
            subprocess.run([os.environ["BENCH_PSQL"], database, "-qc", "VACUUM ANALYZE"], check=True)

    def rest(self, name, **fields):
        query = "&".join(f"{key}={value}" for key, value in fields.items())
        self.connection.request("GET", f"/rest/{name}?apiKey={self.token}&v=1.16.1&c=bench&f=json&{query}")
        answer = json.loads(self.connection.getresponse().read())["subsonic-response"]
        assert answer["status"] == "ok", answer
        return answer

    def timed(self, name, fields):
        start = time.perf_counter()
        self.rest(name, **fields)
        return (time.perf_counter() - start) * 1000

    def memory_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6


def text(report):
    def spread(values):
        return f"{statistics.median(values):.0f} ms ({min(values):.0f} to {max(values):.0f})"

    lines = [f"{report['engine']}, {report['tracks']:,} tracks, {report['memory_mb']:.0f} MB",
             f"  full sync                {report['sync_s']:.1f} s, a page {spread(report['pages_ms'])}"]  # fmt: skip
    return "\n".join(lines + [f"  {name:32} {spread(times)}" for name, times in report["questions_ms"].items()])


if __name__ == "__main__":
    main()
