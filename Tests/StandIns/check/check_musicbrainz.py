"""musicbrainzngs against the stand-ins for MusicBrainz and the Cover Art Archive."""

import musicbrainzngs as mb


def check(url, coverart):
    mb.set_hostname(url.removeprefix("http://"), use_https=False)
    mb.set_caa_hostname(coverart.removeprefix("http://"), use_https=False)
    mb.set_useragent("SillonCheck", "1.0", "https://example.org/sillon")
    mb.set_rate_limit(False)

    found = mb.search_recordings(recording="larks over clay", artist="marled field")
    best = found["recording-list"][0]
    assert best["title"] == "Larks Over Clay" and best["ext:score"] == "100", best
    assert best["artist-credit-phrase"] == "Marled Field"
    assert best["release-list"][0]["title"] == "Furrow Lines"
    strict = mb.search_recordings(recording="Silt", artist="Ōtari Ensemble", strict=True)
    assert strict["recording-list"][0]["title"] == "Silt", strict
    assert mb.search_recordings('recording:"no such song at all"')["recording-count"] == 0
    special = mb.search_recordings(recording="Voltage (Slow Version)", artist="AC/DH", strict=True)
    assert special["recording-list"][0]["title"] == "Voltage (Slow Version)", special
    assert [each["name"] for each in mb.search_artists("gravel choir")["artist-list"]][0] == "Gravel Choir"

    recording = mb.get_recording_by_id(best["id"], includes=["artists", "releases", "isrcs", "tags"])["recording"]
    assert recording["length"] == "28000" and recording["isrc-list"], recording
    assert mb.get_recordings_by_isrc(recording["isrc-list"][0])["isrc"]["recording-list"][0]["id"] == best["id"]

    id = recording["release-list"][0]["id"]
    release = mb.get_release_by_id(
        id, includes=["recordings", "artists", "labels", "release-groups", "media"])["release"]
    tracks = release["medium-list"][0]["track-list"]
    assert [track["recording"]["title"] for track in tracks][3] == "Larks Over Clay", tracks
    assert release["release-group"]["primary-type"] == "Album"
    assert release["label-info-list"][0]["label"]["name"] == "Stubble Records"
    assert release["cover-art-archive"]["artwork"] == "true", release

    artist = recording["artist-credit"][0]["artist"]["id"]
    browsed = mb.browse_releases(artist=artist, limit=1, includes=["recordings"])
    assert browsed["release-count"] == 2 and len(browsed["release-list"]) == 1, browsed
    assert mb.get_artist_by_id(artist, includes=["releases", "tags"])["artist"]["release-list"]
    assert [each["title"] for each in mb.search_releases(release="winter wheat")["release-list"]][0] == "Winter Wheat"

    refused("404", lambda: mb.get_recording_by_id("00000000-0000-4000-8000-000000000000"))
    refused("400", lambda: mb.get_recording_by_id("not-an-id"))
    refused("400", lambda: mb.search_recordings('recording:"unfinished'))

    images = mb.get_image_list(id)["images"]
    assert [image["types"] for image in images] == [["Front"], ["Back"]], images
    assert images[0]["front"] and images[0]["thumbnails"]["250"].endswith("-250.jpg")
    for size in ("250", "500", "1200"):
        assert width(mb.get_image_front(id, size=size)) == int(size)
    assert mb.get_image_back(id).startswith(b"\xff\xd8")
    original = mb.get_image_front(id)
    assert original.startswith((b"\x89PNG", b"\xff\xd8")), original[:10]
    assert mb.get_image(id, images[0]["id"]) == original
    assert mb.get_release_group_image_front(release["release-group"]["id"], size="250").startswith(b"\xff\xd8")
    refused("404", lambda: mb.get_image_list("00000000-0000-4000-8000-000000000000"))
    refused("400", lambda: mb.get_image_list("NOT-AN-ID"))


def width(jpeg):
    """The pixels of a line, from the frame header of a baseline JPEG."""
    at = 2
    while jpeg[at + 1] not in (0xC0, 0xC2):
        at += 2 + int.from_bytes(jpeg[at + 2:at + 4], "big")
    return int.from_bytes(jpeg[at + 7:at + 9], "big")


def refused(status, call):
    try:
        call()
    except mb.ResponseError as error:
        assert status in str(error), error
    else:
        raise AssertionError(f"no error {status}")
