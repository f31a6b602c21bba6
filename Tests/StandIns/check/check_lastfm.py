"""pylast against the stand-in for Last.fm: it knows only https, so it comes through a TLS front."""

import os
import time
import urllib.request

from tls_front import TLSFront


def check(url, key, secret):
    front = TLSFront(int(url.rsplit(":", 1)[1]))
    # pylast reads the certificates when it is imported.
    os.environ["SSL_CERT_FILE"] = front.certificate
    import pylast

    def network(password=None, **options):
        made = pylast.LastFMNetwork(api_key=key, api_secret=secret, **options)
        made.ws_server = (f"localhost:{front.port}", "/2.0/")
        made.homepage = url
        if password:
            # As the constructor does it, which would already ask the real service.
            made.session_key = pylast.SessionKeyGenerator(made).get_session_key("demo", pylast.md5(password))
            made.username = "demo"
        return made

    reading = network()
    track = reading.get_track("Marled Field", "Larks Over Clay")
    assert track.get_duration() == 28_000, track.get_duration()
    assert track.get_mbid(), "no id"
    assert track.get_album().get_title() == "Furrow Lines"
    assert track.get_playcount() > track.get_listener_count() > 0
    similar = track.get_similar(limit=5)
    assert 1 <= len(similar) <= 5 and all(0 <= item.match <= 1 for item in similar), similar
    assert similar == sorted(similar, key=lambda item: -item.match)
    assert [tag.item.get_name() for tag in reading.get_artist("Marled Field").get_top_tags()][0] == "folk"
    assert "Hollin Dale" in [item.item.get_name() for item in reading.get_artist("Marled Field").get_similar()]
    assert "Kestrel Vane" in reading.get_artist("kestrel vane").get_bio_content()

    album = reading.get_album("Kestrel Vane", "Night Bus to Orvane")
    assert [each.get_title() for each in album.get_tracks()][:2] == ["Depot", "Sodium Lamps"]
    cover = urllib.request.urlopen(album.get_cover_image().replace("https://", "http://").replace(
        f"localhost:{front.port}", url.removeprefix("http://"))).read()
    assert cover.startswith(b"\x89PNG"), cover[:20]

    expect_error(pylast, "6", lambda: reading.get_artist("Nobody At All").get_playcount())
    expect_error(pylast, "10", lambda: pylast_with_key(pylast, network, "0" * 32))

    # A session by the browser: the page is opened, and its user says yes.
    keys = pylast.SessionKeyGenerator(network())
    page = keys.get_web_auth_url()
    expect_error(pylast, "14", lambda: keys.get_web_auth_session_key(page))
    urllib.request.urlopen(page).read()
    session, user = keys.get_web_auth_session_key_username(page)
    assert user == "demo" and len(session) == 32, (user, session)
    expect_error(pylast, "4", lambda: keys.get_web_auth_session_key(page))

    # And by name and password, as pylast does it.
    expect_error(pylast, "4", lambda: network(password="wrong"))
    writing = network(password="furrow")
    writing.update_now_playing("Marled Field", "Larks Over Clay", album="Furrow Lines", duration=28)
    now = int(time.time())
    writing.scrobble("Marled Field", "Larks Over Clay", now - 100, album="Furrow Lines", track_number=4)
    batch = [{"artist": "Éloïse Morand", "title": "L'Échappement", "timestamp": now - 10_000 + i} for i in range(60)]
    writing.scrobble_many(batch)
    recent = writing.get_user("demo").get_recent_tracks(limit=61)
    assert len(recent) == 61, len(recent)
    assert str(recent[0].track) == "Marled Field - Larks Over Clay", recent[0]
    assert recent[0].timestamp == str(now - 100)
    loved = writing.get_track("Ōtari Ensemble", "Silt")
    loved.love()
    loved.username = "demo"
    assert loved.get_userloved() is True
    loved.unlove()
    assert loved.get_userloved() is False
    expect_error(pylast, "9", lambda: network(session_key="0" * 32).scrobble("a", "b", now))
    wrong = network(session_key=session)
    wrong.api_secret = "not the secret"
    expect_error(pylast, "13", lambda: wrong.scrobble("a", "b", now))


def pylast_with_key(pylast, network, key):
    made = network()
    made.api_key = key
    made.get_artist("Marled Field").get_playcount()


def expect_error(pylast, code, call):
    try:
        call()
    except pylast.WSError as error:
        assert str(error.status) == code, f"{error.status} instead of {code}: {error}"
    else:
        raise AssertionError(f"no error {code}")
