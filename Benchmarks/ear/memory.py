#!/usr/bin/env python3
"""Memory of a media host while it analyses 5 minutes, an hour and eight hours: memory.py SILLON PIECE [CODEC...]

Makes the files from PIECE, any piece of music (5 minutes of it encoded, then repeated as they are; up to 0.5 GB at a time in
the folder for temporary files), and has `SILLON probe vector` listen to each. Prints, as Markdown, the largest resident
size that the kernel saw (VmHWM) and what was in it at the end: memory of its own, and pages of programs and libraries.
CODEC is mp3, opus, m4a or flac (mp3).
"""
import os
import subprocess
import sys
import tempfile
import time

ENCODERS = {"mp3": ["libmp3lame", "-b:a", "128k"], "opus": ["libopus", "-b:a", "96k"], "m4a": ["aac", "-b:a", "128k"], "flac": ["flac"]}
LENGTHS = {"5 min": 1, "1 h": 12, "8 h": 96}  # times the first 5 minutes
FIELDS = "VmHWM", "RssAnon", "RssFile"
POLL_SECONDS = 0.003


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments], check=True)


def child(parent):
    """The media host among the children of any thread of `parent`."""
    for thread in os.listdir(f"/proc/{parent}/task"):
        with open(f"/proc/{parent}/task/{thread}/children") as file:
            for pid in file.read().split():
                with open(f"/proc/{pid}/cmdline") as command:
                    if "\0media-host\0audio\0" in command.read():
                        return pid


def peak(sillon, path):
    """The three fields in MB, as they were last seen before the host ended; VmHWM only grows."""
    probe = subprocess.Popen([sillon, "probe", "vector", path], stdout=subprocess.DEVNULL)
    host, seen = None, {}
    while probe.poll() is None:
        try:
            host = host or child(probe.pid)
            if host:
                with open(f"/proc/{host}/status") as file:
                    lines = dict(line.split(":", 1) for line in file)
                seen.update({field: int(lines[field].split()[0]) / 1024 for field in FIELDS if field in lines})
        except (FileNotFoundError, ProcessLookupError):
            pass  # Between two looks a thread or the host ended.
        time.sleep(POLL_SECONDS)
    if probe.returncode or len(seen) < len(FIELDS):
        sys.exit(f"{path} was not analysed, or its media host was not seen")
    return [seen[field] for field in FIELDS]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sillon, piece, codecs = sys.argv[1], sys.argv[2], sys.argv[3:] or ["mp3"]
    print("| codec | length | peak MB | own memory MB | programs and libraries MB |\n|---|---|---|---|---|")
    for codec in codecs:
        with tempfile.TemporaryDirectory() as folder:
            first, whole = (os.path.join(folder, f"{name}.{codec}") for name in ("first", "whole"))
            ffmpeg("-stream_loop", "-1", "-i", piece, "-t", "300", "-map", "0:a:0", "-c:a", *ENCODERS[codec], first)
            for length, times in LENGTHS.items():
                ffmpeg("-stream_loop", str(times - 1), "-i", first, "-map", "0:a:0", "-c", "copy", whole)
                print(f"| {codec} | {length} | " + " | ".join(f"{mb:.1f}" for mb in peak(sillon, whole)) + " |", flush=True)


if __name__ == "__main__":
    main()
