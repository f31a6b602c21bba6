"""Which copies of a song are found as duplicates, and what else is taken for one: `sillon demo`'s songs, encoded anew and
mistreated by ffmpeg, through a whole `sillon up`. Started by `run duplicates`."""

import argparse
import concurrent.futures
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

FOLDER = pathlib.Path(os.environ.get("BENCH_FOLDER", "."))
SILLON = os.environ.get("BENCH_SILLON", "sillon")
AUDIO = {".mp3", ".flac", ".ogg", ".opus", ".m4a", ".wav", ".aiff"}
LIVE = (
    "[0:a]aformat=sample_rates=44100:channel_layouts=stereo,aecho=0.8:0.85:60|110|190:0.5|0.4|0.3,atempo=1.005[song];"
    "anoisesrc=c=pink:a=0.08:r=44100[hall];[song][hall]amix=inputs=2:duration=first"
)
# Suffix, ffmpeg's options before the input, and those after it.
COPIES = {
    "MP3 128 kbit/s": (".mp3", [], ["-c:a", "libmp3lame", "-b:a", "128k"]),
    "MP3 64 kbit/s": (".mp3", [], ["-c:a", "libmp3lame", "-b:a", "64k"]),
    "Opus 96 kbit/s": (".opus", [], ["-c:a", "libopus", "-b:a", "96k"]),
    "AAC 128 kbit/s": (".m4a", [], ["-c:a", "aac", "-b:a", "128k"]),
    "FLAC": (".flac", [], ["-c:a", "flac"]),
    "Vorbis, mono, 22 kHz": (".ogg", [], ["-ac", "1", "-ar", "22050", "-c:a", "libvorbis"]),
    "6 dB quieter": (".flac", [], ["-af", "volume=-6dB", "-c:a", "flac"]),
    "first 3 s cut off": (".flac", ["-ss", "3"], ["-c:a", "flac"]),
    "first 3 s cut off, MP3": (".mp3", ["-ss", "3"], ["-c:a", "libmp3lame", "-b:a", "128k"]),
    "first 8 s cut off": (".flac", ["-ss", "8"], ["-c:a", "flac"]),
    "last 3 s cut off": (".flac", [], ["-af", "areverse,atrim=start=3,areverse", "-c:a", "flac"]),
}
# Not the same recording.
OTHERS = {
    "another take (same chords and pulse, another tune)": None,
    "as if live: hall, noise, half a percent faster": (".flac", [], ["-filter_complex", LIVE, "-c:a", "flac"]),
    "a semitone higher": (
        ".flac", [], ["-af", "aresample=44100,asetrate=46722,aresample=44100,atempo=0.9438", "-c:a", "flac"]),
    "4 percent faster": (".flac", [], ["-af", "atempo=1.04", "-c:a", "flac"]),
    "half of it": (".flac", ["-t", "14"], ["-c:a", "flac"]),
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, prog="Benchmarks/similar/run duplicates")
    parser.add_argument("--no-fingerprints", action="store_true", help="what vectors alone can guess")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    truth = make_library()
    with Server(not options.no_fingerprints) as server:
        groups = server.groups(len(truth))
    report = judge(truth, groups)
    print(json.dumps(report) if options.json else text(report))


def songs(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in AUDIO)


def make_library():
    """Files by their name: the number of the song, and what was done to it."""
    library, truth, jobs = FOLDER / "library", {}, []
    for name, seed in (("first", 1), ("second", 2)):
        run(SILLON, "demo", FOLDER / name, "--seed", str(seed))
    for number, path in enumerate(songs(FOLDER / "first")):
        jobs.append((path, library / "original" / f"{number:02}{path.suffix}", [], ["-c:a", "copy"]))
        truth[str(jobs[-1][1])] = (number, "original")
        for place, (kind, recipe) in enumerate({**COPIES, **OTHERS}.items()):
            if recipe is None:
                continue
            jobs.append((path, library / f"{place:02}" / f"{number:02}{recipe[0]}", recipe[1], recipe[2]))
            truth[str(jobs[-1][1])] = (number, kind)
    for number, path in enumerate(songs(FOLDER / "second")):
        jobs.append((path, library / "take" / f"{number:02}{path.suffix}", [], ["-c:a", "copy"]))
        truth[str(jobs[-1][1])] = (number, next(iter(OTHERS)))
    for _, target, _, _ in jobs:
        target.parent.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(encode, jobs))
    return truth


def encode(job):
    source, target, before, after = job
    chosen = [] if "-filter_complex" in after else ["-map", "0:a:0"]
    if not target.exists():
        run("ffmpeg", "-v", "error", "-nostdin", *before, "-i", source, *chosen, "-map_metadata", "-1", *after, target)


def run(*command):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def judge(truth, groups):
    """A copy is found when it is in the group of its original; whatever else shares a group is taken for the same."""
    group_of = {item["track"]["path"]: group["id"] for group in groups for item in group["items"]}
    originals = {number: group_of.get(path) for path, (number, kind) in truth.items() if kind == "original"}
    report = {"copies": {}, "others": {}, "strangers": 0}
    for kinds, name in ((COPIES, "copies"), (OTHERS, "others")):
        for kind in kinds:
            files = [(number, path) for path, (number, what) in truth.items() if what == kind]
            found = sum(group_of.get(path) is not None and group_of.get(path) == originals[number] for number, path in files)
            report[name][kind] = {"files": len(files), "taken": found}
    for group in groups:
        members = {truth[item["track"]["path"]][0] for item in group["items"]}
        report["strangers"] += len(members) - 1
    rates = {}
    for group in groups:
        for item in group["items"]:
            if item["bit_error_rate"] is not None:
                rates.setdefault(truth[item["track"]["path"]][1], []).append(item["bit_error_rate"])
    report["bit_error_rates"] = {kind: [min(some), max(some)] for kind, some in rates.items()}
    return report


def text(report):
    lines = ["| what | files | taken for the same | bits that differ, % |", "|---|---|---|---|"]
    for kind, row in {**report["copies"], **report["others"]}.items():
        rates = report["bit_error_rates"].get(kind)
        shown = f"{100 * rates[0]:.1f} to {100 * rates[1]:.1f}" if rates else "–"
        lines.append(f"| {kind} | {row['files']} | {row['taken']} | {shown} |")
    return "\n".join(lines + [f"\nGroups that hold different songs: {report['strangers']}"])


class Server:
    def __init__(self, has_fingerprints):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        data = FOLDER / ("data" if has_fingerprints else "data-without")
        self.log = open(FOLDER / "log", "w")
        self.process = subprocess.Popen(
            [SILLON, "up", "--data", str(data), "--port", str(self.port), "--music", str(FOLDER / "library")],
            env={**os.environ, "SILLON_FINGERPRINT": str(has_fingerprints).lower(), "SILLON_LOG_FORMAT": "json"},
            stdout=self.log, stderr=self.log,
        )  # fmt: skip
        self.token = data / "admin-token"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.log.close()

    def get(self, path):
        assert self.process.poll() is None, "the server ended"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Authorization": f"Bearer {self.token.read_text().strip()}"})
        return json.loads(connection.getresponse().read())

    def groups(self, count):
        """When all files were heard and compared."""
        while not self.is_done(count):
            time.sleep(1)
        groups, cursor = [], ""
        while cursor is not None:
            page = self.get("/v1/duplicates?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            groups += page["items"]
            cursor = page["next_cursor"]
        return groups

    def is_done(self, count):
        try:
            scans = self.get("/v1/scans")["items"]
            return (bool(scans) and scans[0]["state"] == "finished" and self.get("/v1/library")["vectorized"] >= count
                    and self.get("/v1/duplicates?limit=1")["waiting"] == 0)  # fmt: skip
        except (OSError, KeyError):
            return False


if __name__ == "__main__":
    main()
