#!/usr/bin/env python3
"""Makes a playlist of a smooth way between two tracks, which are found by words:

    make_playlist.py "sodium lamps" "remontoir" --length 8 --name "From lamps to clockwork"
"""

import argparse
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("SILLON_URL", "http://127.0.0.1:8080")
TIMEOUT_SECONDS = 30


def call(path, body=None, **query):
    """Asks the server; what it refuses ends the program with its own words."""
    address = f"{URL}{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {os.environ['SILLON_TOKEN']}"})
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as problem:
        sys.exit(f"{path}: {json.load(problem)['detail']}")


def track(words):
    items = call("/v1/search", q=words, limit=1)["items"]
    return items[0] if items else sys.exit(f"nothing is found for: {words}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("first", help="words of the track to begin with")
    parser.add_argument("last", help="words of the track to end with")
    parser.add_argument("--length", type=int, default=8)
    parser.add_argument("--name")
    arguments = parser.parse_args()
    first, last = track(arguments.first), track(arguments.last)
    way = call("/v1/path", **{"from": first["id"], "to": last["id"], "length": arguments.length})
    tracks = [item["track"] for item in way["items"]]
    name = arguments.name or f"{first['title']} to {last['title']}"
    playlist = call("/v1/playlists", {"name": name, "track_ids": [item["id"] for item in tracks]})
    print(f"{playlist['name']}, {playlist['track_count']} tracks:")
    for item in tracks:
        print(f"  {item['artist']}: {item['title']}, {item['tempo_bpm']:.0f} BPM, {item['key']}")


main()
