"""slskd-api against the stand-in for slskd."""

import os
import time

import requests
import slskd_api


def check(url, key, downloads):
    client = slskd_api.SlskdClient(url, api_key=key)
    signed_in = slskd_api.SlskdClient(url, username="slskd", password="slskd")
    assert signed_in.session.auth_valid() and client.session.security_enabled()
    refused(401, lambda: slskd_api.SlskdClient(url, username="slskd", password="wrong"))
    refused(401, lambda: slskd_api.SlskdClient(url, api_key="0" * 20).server.state())
    state = client.application.state()
    assert state["server"]["isLoggedIn"] and state["version"]["current"] == "0.26.0", state

    began = client.searches.search_text("marled field frost heave", searchTimeout=1000)
    assert began["state"] in ("Requested", "InProgress") and not began["isComplete"], began
    id = began["id"]
    early = client.searches.search_responses(id)
    assert early == [] or client.searches.state(id)["isComplete"], "responses before the end"
    ended = wait_until(lambda: client.searches.state(id), lambda it: it["isComplete"])
    assert ended["state"] == "Completed, TimedOut" and ended["responses"] == [], ended
    found = {each["username"]: each for each in client.searches.search_responses(id)}
    assert set(found) == {"barn_owl", "tape hiss", "locked_door", "moth", "night_shift", "gone/fishing"}, set(found)
    assert len(found) == ended["responseCount"]
    flac = found["barn_owl"]["files"][0]
    assert flac["filename"].endswith("Frost Heave.flac") and "\\" in flac["filename"] and flac["bitDepth"] == 16
    assert not found["locked_door"]["files"] and found["locked_door"]["lockedFiles"][0]["isLocked"]
    assert id in [each["id"] for each in client.searches.get_all()]

    # One that serves, one whose name has a blank and whose queue is long.
    seen = download(client, "barn_owl", flac)
    assert seen == [each for each in ORDER if each in seen] and seen[-1] == "Completed, Succeeded", seen
    local = os.path.join(downloads, "Winter Wheat (2001)", "01 - Frost Heave.flac")
    with open(local, "rb") as file:
        data = file.read()
    assert data[:4] == b"fLaC" and len(data) == flac["size"], (data[:4], len(data), flac["size"])
    mp3 = found["tape hiss"]["files"][0]
    assert download(client, "tape hiss", mp3)[-1] == "Completed, Succeeded"
    events = client.events.get()
    kinds = [event["type"] for event in events]
    assert kinds.count("DownloadFileComplete") == 2 and "DownloadDirectoryComplete" in kinds, kinds
    assert local in events[-1]["data"] or local in events[-2]["data"], events

    # A wrong size, one who refuses, one who is not there.
    assert download(client, "barn_owl", {**flac, "size": flac["size"] - 1})[-1] == "Completed, Errored"
    assert download(client, "moth", found["moth"]["files"][0])[-1] == "Completed, Rejected"
    refused(500, lambda: client.transfers.enqueue("night owl", [flac]))
    refused(404, lambda: client.users.status("gone_fishing"))
    assert client.users.status("barn_owl")["presence"] == "Online"
    assert client.users.browse("barn_owl")["directoryCount"] > 3

    batch = {"username": "barn_owl", "files": [{"filename": flac["filename"], "size": flac["size"]}],
             "id": "0b7f4c1e-8f55-4d0e-9d53-6a7b4c1e8f55", "options": {"destination": "inbox/one"}}
    answer = requests.post(f"{url}/api/v0/transfers/downloads/batches", json=batch, headers={"X-API-Key": key})
    assert answer.status_code == 201 and len(answer.json()["batch"]["transfers"]) == 1, answer.text
    again = requests.post(f"{url}/api/v0/transfers/downloads/batches", json=batch, headers={"X-API-Key": key})
    assert again.status_code == 409, again.text
    wait_until(lambda: os.path.exists(os.path.join(downloads, "inbox/one/01 - Frost Heave.flac")), bool)

    assert client.transfers.remove_completed_downloads()
    assert client.searches.delete(id)
    refused(404, lambda: client.searches.state(id))
    stopped = client.searches.search_text("turning circle", searchTimeout=60000)["id"]
    assert client.searches.stop(stopped)
    assert client.searches.state(stopped)["state"] == "Completed, Cancelled"
    client.server.disconnect()
    refused(409, lambda: client.searches.search_text("nothing"))
    client.server.connect()


ORDER = ["Requested", "Queued, Locally", "Queued, Remotely", "Initializing", "InProgress", "Completed, Rejected",
         "Completed, Errored", "Completed, Succeeded"]


def download(client, username, file):
    """The states that were seen on the way, each once."""
    before = {each["id"] for each in transfers(client, username)}
    client.transfers.enqueue(username, [{"filename": file["filename"], "size": file["size"]}])
    (id,) = {each["id"] for each in transfers(client, username)} - before
    seen = []

    def look():
        transfer = client.transfers.get_download(username, id)
        if transfer["state"] not in seen:
            seen.append(transfer["state"])
        return transfer

    wait_until(look, lambda it: it["state"].startswith("Completed") and "nextAttemptAt" not in it)
    return seen


def transfers(client, username):
    try:
        return [file for folder in client.transfers.get_downloads(username)["directories"] for file in folder["files"]]
    except requests.HTTPError:
        return []


def wait_until(ask, is_done, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        answer = ask()
        if is_done(answer):
            return answer
        time.sleep(0.005)
    raise AssertionError(f"not within {seconds} s: {answer}")


def refused(status, call):
    try:
        call()
    except requests.HTTPError as error:
        assert error.response.status_code == status, error
    else:
        raise AssertionError(f"no error {status}")
