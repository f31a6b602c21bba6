"""liblistenbrainz against the stand-in for ListenBrainz."""

import time

import liblistenbrainz
from liblistenbrainz import errors


def check(url, token):
    client = liblistenbrainz.ListenBrainz(api_base_url=url)
    try:
        client.set_auth_token("00000000-0000-0000-0000-000000000000")
    except errors.InvalidAuthTokenException:
        pass
    else:
        raise AssertionError("a wrong token was taken")
    client.set_auth_token(token)
    assert 0 < client.remaining_requests < 50, client.remaining_requests
    assert 0 < client.ratelimit_reset_in <= 10

    now = int(time.time())
    silt = liblistenbrainz.Listen(
        "Silt", "Ōtari Ensemble", listened_at=now - 50, release_name="Bells Under Water", tags=["ambient"],
        tracknumber=3, additional_info={"duration_ms": 36_000, "submission_client": "check"})
    assert client.submit_single_listen(silt) == {"status": "ok"}
    many = [liblistenbrainz.Listen(f"Song {i}", "Marled Field", listened_at=now - 1000 - i) for i in range(200)]
    client.submit_multiple_listens(many)
    # Sent again, they are the same listens.
    client.submit_multiple_listens(many)
    assert client.get_user_listen_count("demo") == 201
    listens = client.get_listens("demo", count=3)
    assert [listen.track_name for listen in listens] == ["Silt", "Song 0", "Song 1"], listens
    assert listens[0].listened_at == now - 50 and listens[0].tags == ["ambient"]
    older = client.get_listens("demo", max_ts=now - 1198, count=100)
    assert [listen.track_name for listen in older] == ["Song 199"], older

    assert client.get_playing_now("demo") is None
    client.submit_playing_now(liblistenbrainz.Listen("Depot", "Kestrel Vane"))
    assert client.get_playing_now("demo").track_name == "Depot"

    looked = client._get("/1/metadata/lookup/", params={
        "artist_name": "kestrel vane", "recording_name": "depot", "metadata": "true", "inc": "artist tag release"})
    id = looked["recording_mbid"]
    assert looked["metadata"]["release"]["name"] == "Night Bus to Orvane", looked
    client.submit_user_feedback(1, id)
    feedback = client.get_user_feedback("demo", 1, True)
    assert feedback["feedback"][0]["recording_mbid"] == id and feedback["total_count"] == 1, feedback
    client.submit_user_feedback(0, id)
    assert client.get_user_feedback("demo", 1, False)["total_count"] == 0

    refused(400, lambda: client.submit_single_listen(liblistenbrainz.Listen("a", "b", listened_at=1)))
    refused(400, lambda: client.submit_single_listen(liblistenbrainz.Listen("a", "b", listened_at=now, tags=["x" * 65])))
    refused(404, lambda: client.get_listens("nobody"))
    # Far more requests than a window has: the client waits where the headers tell it to, and is never refused.
    for _ in range(60):
        client.get_user_listen_count("demo")


def refused(status, call):
    try:
        call()
    except errors.ListenBrainzAPIException as error:
        assert error.status_code == status, error.status_code
        assert error.message, "no words"
    else:
        raise AssertionError(f"no error {status}")
