"""Drives a server by the Subsonic protocol: check.py OPTIONS, which are JSON.

First every method by hand, in XML and JSON, held against both descriptions of the protocol; then every method that two
clients of others' have. What is not as it must be ends it with a traceback.
"""

import asyncio
import inspect
import json
import sys
import urllib.parse

import libopensonic
import libsonic

from protocol import JSON_SCHEMA, Server

# Methods of clients that this server does not serve, and why.
UNSERVED = {
    "bookmarks": "the play queue keeps its place; there are no bookmarks",
    "chat": "there is no chat",
    "jukebox": "the server plays nothing itself",
    "podcasts": "there are no podcasts",
    "radio": "there are no radio stations",
    "shares": "nothing is shared with the public",
    "videos": "there are no videos",
    "transcoding": "stream decides by format and maxBitRate",
    "avatars": "accounts have no pictures",
    "client": "the client reads the answer in another form than both descriptions of the protocol give it",
    "old": "the client itself refuses it, or asks for a page of Subsonic's own that is not of the protocol",
}


def main(options):
    url = options["url"]
    admin = Server(url, u=options["admin"], secret=options["app_password"])
    library = browse(admin)
    lists(admin, library)
    personal(admin, library)
    media(admin, library)
    administration(admin, url, options)
    absent(admin)
    sign_ins(url, options)
    admin.called |= {"getOpenSubsonicExtensions", "tokenInfo"}  # by others, above
    errors(admin, Server(url, u=options["user"], p=options["user_password"]), library)
    described = {name.removesuffix(".m3u8") for name in JSON_SCHEMA["methods"]}
    assert described <= admin.called, f"not called: {sorted(described - admin.called)}"
    asyncio.run(opensonic(options, library))
    sonic(options, library)


def browse(admin):
    assert "license" in admin.both("getLicense")
    admin.both("ping")
    extensions = {item["name"] for item in Server(admin.url).both("getOpenSubsonicExtensions")["openSubsonicExtensions"]}
    assert {"apiKeyAuthentication", "formPost", "sonicSimilarity", "songLyrics", "transcodeOffset"} <= extensions
    folders = admin.both("getMusicFolders")["musicFolders"]["musicFolder"]
    folder = str(folders[0]["id"])
    indexes = admin.both("getIndexes", musicFolderId=folder)["indexes"]
    assert indexes["index"]
    assert not admin.both("getIndexes", ifModifiedSince=str(indexes["lastModified"]))["indexes"]["index"]
    letters = admin.both("getArtists")["artists"]["index"]
    assert [letter["name"] for letter in letters] == ["A", "M", "Q"]
    artists = [artist for letter in letters for artist in letter["artist"]]
    children = admin.both("getMusicDirectory", id=folder)["directory"]["child"]
    assert {child["id"] for child in children} == {artist["id"] for artist in artists}
    albums = []
    for artist in artists:
        found = admin.both("getArtist", id=artist["id"])["artist"]["album"]
        assert len(found) == artist["albumCount"]
        albums += [album for album in found if album["id"] not in {known["id"] for known in albums}]
        directory = admin.both("getMusicDirectory", id=artist["id"])["directory"]
        assert {child["id"] for child in directory["child"] if child["isDir"]} == {album["id"] for album in found}
    songs = []
    for album in albums:
        found = admin.both("getAlbum", id=album["id"])["album"]["song"]
        assert len(found) == album["songCount"]
        songs += found
        assert [song["id"] for song in admin.both("getMusicDirectory", id=album["id"])["directory"]["child"]] == [
            song["id"] for song in found]
    for song in songs:
        assert admin.json("getSong", id=song["id"])["song"] == song
        assert not song["path"].startswith("/") and song["size"] > 0 and song["duration"] > 0
    admin.xml("getSong", id=songs[0]["id"])
    genres = admin.both("getGenres")["genres"]["genre"]
    return {"folder": folder, "artists": artists, "albums": albums, "songs": songs, "genres": genres}


def lists(admin, library):
    ids = {album["id"] for album in library["albums"]}
    admin.both("star", albumId=library["albums"][0]["id"], artistId=library["artists"][0]["id"],
               id=[library["songs"][0]["id"], library["songs"][1]["id"]])
    admin.both("setRating", id=library["albums"][0]["id"], rating="4")
    admin.both("setRating", id=library["songs"][0]["id"], rating="5")
    whole = ["random", "newest", "alphabeticalByName", "alphabeticalByArtist"]
    part = ["highest", "frequent", "recent", "starred"]
    for kind in whole + part + ["byYear", "byGenre"]:
        more = {"byYear": {"fromYear": "1900", "toYear": "2100"}, "byGenre": {"genre": library["genres"][0]["value"]}}
        for method, payload in (("getAlbumList", "albumList"), ("getAlbumList2", "albumList2")):
            found = admin.both(method, type=kind, size="500", **more.get(kind, {}))[payload]["album"]
            assert {album["id"] for album in found} <= ids and len({album["id"] for album in found}) == len(found)
            if kind in whole:
                assert {album["id"] for album in found} == ids, kind
            if kind in ("highest", "starred"):
                assert [album["id"] for album in found] == [library["albums"][0]["id"]], kind
            if kind not in ("random", "byYear", "byGenre"):
                again = admin.both(method, type=kind, size="1", offset="1")[payload]["album"]
                assert again == found[1:2], kind
    years = [album["year"] for album in admin.json(
        "getAlbumList2", type="byYear", fromYear="2100", toYear="1900")["albumList2"]["album"]]
    assert years == sorted(years, reverse=True)
    assert len(admin.both("getRandomSongs", size="3")["randomSongs"]["song"]) == 3
    genre = library["genres"][0]
    songs = admin.both("getSongsByGenre", genre=genre["value"], count="500")["songsByGenre"]["song"]
    assert len(songs) == genre["songCount"] and all(
        genre["value"] in [item["name"] for item in song["genres"]] for song in songs)
    for method, payload in (("getStarred", "starred"), ("getStarred2", "starred2")):
        starred = admin.both(method)[payload]
        assert [len(starred[kind]) for kind in ("artist", "album", "song")] == [1, 1, 2]
        assert all("starred" in item for kind in starred.values() for item in kind)
    admin.both("unstar", id=[library["songs"][1]["id"], library["albums"][0]["id"], library["artists"][0]["id"]])
    assert len(admin.json("getStarred2")["starred2"]["song"]) == 1
    # A whole copy, page by page.
    found, offset = [], 0
    while True:
        page = admin.both("search3", query="", songCount="3", songOffset=str(offset), artistCount="0", albumCount="0")
        if not page["searchResult3"]["song"]:
            break
        found += page["searchResult3"]["song"]
        offset += 3
    assert sorted(song["id"] for song in found) == sorted(song["id"] for song in library["songs"])
    title = library["songs"][0]["title"]
    for method, payload in (("search2", "searchResult2"), ("search3", "searchResult3")):
        assert title in [song["title"] for song in admin.both(method, query=title)[payload]["song"]]
        everything = admin.both(method, query='""', albumCount="500", artistCount="500")[payload]
        assert len(everything["album"]) == len(ids) and len(everything["artist"]) == len(library["artists"])
    for artist in library["artists"]:
        found = admin.json("search3", query=artist["name"], artistCount="1")["searchResult3"]["artist"]
        assert [item["id"] for item in found] == [artist["id"]], artist
    assert title in [song["title"] for song in admin.both("search", title=title)["searchResult"]["match"]]


def personal(admin, library):
    first, second = library["songs"][0], library["songs"][1]
    admin.both("scrobble", id=first["id"], submission="false")
    playing = admin.both("getNowPlaying")["nowPlaying"]["entry"]
    assert (first["id"], admin.sign_in["u"], "check") in [
        (entry["id"], entry["username"], entry["playerName"]) for entry in playing]
    plays = admin.json("getSong", id=second["id"])["song"].get("playCount", 0)
    admin.json("scrobble", id=[second["id"], second["id"]], time=["1600000000000", "1600000900000"])
    song = admin.json("getSong", id=second["id"])["song"]
    assert song["playCount"] == plays + 2, song
    album = admin.both("getAlbum", id=second["albumId"])["album"]
    assert album["playCount"] >= song["playCount"], album
    assert (album["playCount"] > 0) == ("played" in album), album
    for state in ("starting", "playing", "paused", "playing", "stopped"):
        admin.both("reportPlayback", mediaId=second["id"], mediaType="song", positionMs="1000", state=state)
        shown = [entry for entry in admin.both("getNowPlaying")["nowPlaying"]["entry"] if entry["id"] == second["id"]]
        assert [entry["state"] for entry in shown] == ([] if state == "stopped" else [state]), shown
        assert all(entry["positionMs"] >= 1000 and entry["playbackRate"] == 1 for entry in shown), shown
    queue = [song["id"] for song in library["songs"]]
    admin.both("savePlayQueue", id=queue, current=queue[2], position="1500")
    saved = admin.both("getPlayQueue")["playQueue"]
    assert ([song["id"] for song in saved["entry"]], saved["current"], saved["position"]) == (queue, queue[2], 1500)
    twice = [queue[0], queue[1], queue[0]]
    admin.both("savePlayQueueByIndex", id=twice, currentIndex="2", position="7")
    saved = admin.both("getPlayQueueByIndex")["playQueueByIndex"]
    assert ([song["id"] for song in saved["entry"]], saved["currentIndex"], saved["changedBy"]) == (twice, 2, "check")
    admin.fails(10, "savePlayQueueByIndex", id=twice, currentIndex="3")
    admin.fails(0, "savePlayQueue", id=twice, current=queue[3])
    playlists(admin, queue)
    lyrics = admin.both("getLyricsBySongId", id=first["id"])["lyricsList"]["structuredLyrics"]
    assert lyrics[0]["synced"] and lyrics[0]["line"][1] == {"start": 2500, "value": "Second line & more"}, lyrics
    assert "Second line" in admin.both("getLyrics", artist=first["artist"], title=first["title"])["lyrics"]["value"]
    assert admin.both("getLyrics", artist="Nobody", title="Nothing")["lyrics"]["value"] == ""
    alike(admin, library)


def playlists(admin, queue):
    made = admin.json("createPlaylist", name="One & two", songId=queue[:2])["playlist"]
    assert made["songCount"] == 2 and [song["id"] for song in made["entry"]] == queue[:2]
    admin.both("updatePlaylist", playlistId=made["id"], name="Two", comment="<of them>", public="true")
    admin.json("updatePlaylist", playlistId=made["id"], songIdToAdd=[queue[2], queue[0]], songIndexToRemove="0")
    found = admin.both("getPlaylist", id=made["id"])["playlist"]
    assert [song["id"] for song in found["entry"]] == [queue[1], queue[2], queue[0]]
    assert (found["name"], found["comment"], found["public"]) == ("Two", "<of them>", True)
    replaced = admin.both("createPlaylist", playlistId=made["id"], songId=queue[3])["playlist"]
    assert [song["id"] for song in replaced["entry"]] == [queue[3]]
    assert made["id"] in [item["id"] for item in admin.both("getPlaylists")["playlists"]["playlist"]]
    assert admin.both("getPlaylists", username=admin.sign_in["u"])["playlists"]["playlist"]
    assert admin.both("getPlaylists", username="nobody at all")["playlists"]["playlist"] == []
    admin.json("deletePlaylist", id=made["id"])
    admin.fails(70, "getPlaylist", id=made["id"])


def alike(admin, library):
    first, last = library["songs"][0], library["songs"][-1]
    for method, payload in (("getSimilarSongs", "similarSongs"), ("getSimilarSongs2", "similarSongs2")):
        for item in (first, library["albums"][0], library["artists"][0]):
            songs = admin.both(method, id=item["id"], count="3")[payload]["song"]
            assert 0 < len(songs) <= 3, f"{method} {item['id']}"
    matches = admin.both("getSonicSimilarTracks", id=first["id"], count="4")["sonicMatch"]
    scores = [match["similarity"] for match in matches]
    assert len(matches) == 4 and scores == sorted(scores, reverse=True) and all(0 <= score <= 1 for score in scores)
    path = admin.both("findSonicPath", startSongId=first["id"], endSongId=last["id"], count="4")["sonicMatch"]
    assert path[0]["entry"]["id"] == first["id"] and path[-1]["entry"]["id"] == last["id"]
    assert path[0]["similarity"] > 0.999
    artist = library["artists"][0]
    by_name = admin.both("getTopSongs", artist=artist["name"], count="5")["topSongs"]["song"]
    assert by_name and by_name == admin.both("getTopSongs", id=artist["id"], count="5")["topSongs"]["song"]
    for method in ("getArtistInfo", "getArtistInfo2"):
        assert admin.both(method, id=artist["id"])[method[3].lower() + method[4:]]["similarArtist"]
    for method in ("getAlbumInfo", "getAlbumInfo2"):
        admin.both(method, id=library["albums"][0]["id"])


def media(admin, library):
    song = next(song for song in library["songs"] if song["suffix"] == "flac")
    status, headers, whole = admin.bytes("stream", id=song["id"], format="raw")
    assert status == 200 and len(whole) == song["size"] and headers["Content-Type"] == song["contentType"]
    assert headers["Accept-Ranges"] == "bytes" and headers["ETag"]
    status, headers, part = admin.bytes("stream", headers={"Range": "bytes=100-299"}, id=song["id"], format="raw")
    assert (status, part) == (206, whole[100:300]) and headers["Content-Range"] == f"bytes 100-299/{len(whole)}"
    status, headers, body = admin.fetch("stream", {"id": song["id"]}, headers={"Range": f"bytes={len(whole)}-"})
    assert status == 416 and headers["Content-Range"] == f"bytes */{len(whole)}"
    status, headers, body = admin.bytes("download.view", id=song["id"])
    admin.called.add("download")
    assert body == whole and "attachment" in headers["Content-Disposition"]
    for format, kind in (("mp3", "audio/mpeg"), ("opus", "audio/ogg"), ("aac", "audio/aac")):
        status, headers, body = admin.bytes("stream", id=song["id"], format=format, maxBitRate="64")
        assert status == 200 and headers["Content-Type"] == kind and 0 < len(body) < len(whole), format
    covers = [item["coverArt"] for item in library["albums"] if "coverArt" in item]
    assert covers, "no album has a cover"
    for cover in covers + [library["albums"][0]["id"], library["artists"][0]["id"], song["id"]]:
        for size in ({}, {"size": "64"}):
            status, headers, body = admin.bytes("getCoverArt", id=cover, **size)
            assert headers["Content-Type"].startswith("image/") and body
    admin.fails(70, "getCoverArt", id="co-" + "0" * 64)
    admin.fails(70, "getAvatar", username=admin.sign_in["u"])


def administration(admin, url, options):
    me = options["admin"]
    user = admin.both("getUser", username=me)["user"]
    assert user["adminRole"] and user["streamRole"] and not user["jukeboxRole"] and user["folder"]
    admin.json("createUser", username="guest", password="enc:" + b"first password".hex(), email="g@example.org")
    admin.fails(0, "createUser", username="guest", password="first password", email="g@example.org")
    admin.fails(0, "createUser", username="other", password="short", email="g@example.org")
    admin.fails(0, "updateUser", username="guest", streamRole="false")
    admin.fails(70, "updateUser", username="guest", musicFolderId="9")
    assert "guest" in [user["username"] for user in admin.both("getUsers")["users"]["user"]]
    guest = Server(url, u="guest", p="first password")
    guest.both("ping")
    assert not guest.both("getUser", username="guest")["user"]["adminRole"]
    guest.fails(50, "getUser", username=me)
    guest.fails(50, "getUsers")
    guest.fails(50, "changePassword", username=me, password="stolen password")
    guest.json("changePassword", username="guest", password="second password")
    guest.fails(40, "ping")
    guest = Server(url, u="guest", p="enc:" + b"second password".hex())
    guest.both("ping")
    admin.both("updateUser", username="guest", adminRole="true")
    guest.both("getUsers")
    admin.both("changePassword", username="guest", password="third password")
    guest.fails(40, "ping")
    admin.json("deleteUser", username="guest")
    admin.fails(70, "getUser", username="guest")
    status = admin.both("startScan", fullScan="false")["scanStatus"]
    assert {"scanning", "count", "folderCount"} <= set(status)
    while admin.json("getScanStatus")["scanStatus"]["scanning"]:
        pass
    status = admin.both("getScanStatus")["scanStatus"]
    assert status["count"] > 0 and status["lastScan"]
    folder = admin.json("getMusicFolders")["musicFolders"]["musicFolder"][0]["id"]
    admin.both("startScan", target=f"{folder}:Shelf")
    admin.fails(70, "startScan", target=f"{folder}:../..")
    admin.fails(70, "startScan", target="999:")
    admin.fails(0, "startScan", target="Shelf")


def absent(admin):
    for method, payload in (
        ("getVideos", "videos"), ("getPodcasts", "podcasts"), ("getNewestPodcasts", "newestPodcasts"),
        ("getShares", "shares"), ("getInternetRadioStations", "internetRadioStations"),
        ("getBookmarks", "bookmarks"), ("getChatMessages", "chatMessages"),
    ):
        assert not any(admin.both(method)[payload].values())
    for code, methods in (
        (0, ["createBookmark", "addChatMessage", "getTranscodeDecision", "getTranscodeStream"]),
        (50, ["jukeboxControl", "createPodcastChannel", "refreshPodcasts", "createShare", "createInternetRadioStation"]),
        (70, ["getVideoInfo", "getCaptions", "hls", "getPodcastEpisode", "deletePodcastEpisode", "deleteBookmark",
              "downloadPodcastEpisode", "deletePodcastChannel", "updateShare", "deleteShare",
              "updateInternetRadioStation", "deleteInternetRadioStation"]),
    ):
        for method in methods:
            admin.fails(code, method, id="1")


def sign_ins(url, options):
    key = Server(url, apiKey=options["app_password"])
    key.both("ping")
    assert key.both("tokenInfo")["tokenInfo"]["username"] == options["admin"]
    Server(url, u=options["admin"], p=options["app_password"]).both("ping")
    user = Server(url, u=options["user"], p=options["user_password"])
    user.both("ping")
    Server(url, u=options["user"], secret=options["user_password"]).fails(40, "ping")
    Server(url, u=options["admin"], secret="wrong").fails(40, "ping")
    Server(url, u=options["admin"], p="wrong password").fails(40, "ping")
    Server(url, u=options["user"], p=options["app_password"]).fails(40, "ping")
    Server(url, apiKey="wrong").fails(44, "ping")
    Server(url, apiKey=options["app_password"], u=options["admin"]).fails(43, "ping")
    Server(url, apiKey=options["worker_token"]).fails(50, "ping")
    Server(url, u=options["admin"]).fails(10, "ping")
    Server(url).fails(10, "ping")


def errors(admin, user, library):
    song = library["songs"][0]["id"]
    for method in ("getSong", "getAlbum", "getArtist", "getMusicDirectory", "stream", "getCoverArt", "getPlaylist"):
        admin.fails(10, method)
        for wrong in ("nonsense", "tr-0", "tr-99999", "al-99999", "ar-99999", "pl-99999", "99999", "tr-1'--", "-1"):
            admin.fails(70, method, id=wrong)
    admin.fails(10, "getAlbumList2")
    admin.fails(0, "getAlbumList2", type="loudest")
    admin.fails(10, "getAlbumList2", type="byYear", fromYear="1990")
    admin.fails(10, "getAlbumList2", type="byGenre")
    admin.fails(0, "getAlbumList2", type="newest", size="-1")
    admin.fails(0, "getAlbumList2", type="newest", offset="-5")
    admin.fails(0, "getAlbumList2", type="newest", size="many")
    admin.fails(70, "getAlbumList2", type="newest", musicFolderId="4711")
    admin.fails(10, "search3")
    admin.fails(0, "setRating", id=song, rating="6")
    admin.fails(10, "setRating", id=song)
    admin.fails(10, "star")
    admin.fails(70, "star", id="tr-99999")
    admin.fails(0, "scrobble", id=song, time="12")
    admin.fails(0, "scrobble", id=song, time=["1600000000000", "1600000900000"])
    admin.fails(0, "stream", id=song, format="wma")
    admin.fails(0, "reportPlayback", mediaId=song, mediaType="song", positionMs="0", state="flying")
    admin.fails(0, "reportPlayback", mediaId=song, mediaType="song", positionMs="-1", state="playing")
    admin.fails(20, "ping", v="0.9")
    admin.fails(30, "ping", v="2.0")
    for method in ("createUser", "updateUser", "deleteUser", "getUsers"):
        user.fails(50, method, username="x", password="y", email="z")
    made = admin.json("createPlaylist", name="Mine", songId=song)["playlist"]["id"]
    user.fails(70, "getPlaylist", id=made)
    admin.json("updatePlaylist", playlistId=made, public="true")
    assert user.both("getPlaylist", id=made)["playlist"]["readonly"]
    user.fails(50, "updatePlaylist", playlistId=made, name="Yours")
    user.fails(50, "deletePlaylist", id=made)
    admin.json("deletePlaylist", id=made)


async def opensonic(options, library):
    address = urllib.parse.urlsplit(options["url"])
    conn = libopensonic.AsyncConnection(
        f"http://{address.hostname}", options["admin"], options["app_password"], port=address.port)
    songs = [song["id"] for song in library["songs"]]
    album, artist = library["albums"][0]["id"], library["artists"][0]["id"]
    assert await conn.create_playlist(name="From a client", song_ids=songs[:2])
    playlist = next(found for found in await conn.get_playlists() if found.name == "From a client")
    key = libopensonic.AsyncConnection(
        f"http://{address.hostname}", api_key=options["app_password"], port=address.port)
    calls = {
        "ping": (), "get_license": (), "get_open_subsonic_extensions": (), "get_indexes": (),
        "get_music_directory": (album,), "get_artists": (), "get_artist": (artist,), "get_album": (album,),
        "get_song": (songs[0],), "get_genres": (), "get_album_list": ("newest",), "get_album_list2": ("newest",),
        "get_random_songs": (), "get_songs_by_genre": (library["genres"][0]["value"],), "get_starred": (),
        "get_starred2": (), "search2": ("a",), "search3": ("",), "get_now_playing": (), "scrobble": (songs[0],),
        "star": ([songs[0]], [album], [artist]), "unstar": ([songs[0]], [album], [artist]),
        "set_rating": (songs[0], 3), "report_playback": (songs[0], "song", 0, "starting"),
        "get_similar_songs": (songs[0],), "get_similar_songs2": (artist,), "get_sonic_similar_tracks": (songs[0],),
        "find_sonic_path": (songs[0], songs[-1]), "get_top_songs": (library["artists"][0]["name"],),
        "get_artist_info": (artist,), "get_artist_info2": (artist,), "get_album_info": (album,),
        "get_album_info2": (album,), "get_playlists": (), "get_playlist": (playlist.id,),
        "update_playlist": (playlist.id, "Renamed"), "save_play_queue": (songs, songs[1], 10), "get_play_queue": (),
        "save_play_queue_by_index": (songs, 1, 10), "get_play_queue_by_index": (), "get_lyrics": ("x", "y"),
        "get_lyrics_by_song_id": (songs[0],), "stream": (songs[0],), "get_stream_url": (songs[0],),
        "download": (songs[0],), "get_cover_art": (album,), "get_user": (options["admin"],), "get_users": (),
        "create_user": ("guest", "guest password", "g@example.org"), "update_user": ("guest",),
        "change_password": ("guest", "other password"), "delete_user": ("guest",), "start_scan": (),
        "get_scan_status": (), "get_videos": (), "get_podcasts": (), "get_newest_podcasts": (), "get_shares": (),
        "get_internet_radio_stations": (), "get_bookmarks": (), "get_chat_messages": (),
        "delete_playlist": (playlist.id,), "create_playlist": (None, "Another"),
    }
    refused = {
        "create_bookmark": ("bookmarks", (songs[0], 1)), "delete_bookmark": ("bookmarks", (songs[0],)),
        "add_chat_message": ("chat", ("hello",)), "jukebox_control": ("jukebox", ("status",)),
        "create_podcast_channel": ("podcasts", ("http://x",)), "delete_podcast_channel": ("podcasts", ("1",)),
        "delete_podcast_episode": ("podcasts", ("1",)), "download_podcast_episode": ("podcasts", ("1",)),
        "get_podcast_episode": ("podcasts", ("1",)), "refresh_podcasts": ("podcasts", ()),
        "create_internet_radio_station": ("radio", ("http://x", "x")),
        "update_internet_radio_station": ("radio", ("1", "http://x", "x")),
        "delete_internet_radio_station": ("radio", ("1",)), "create_share": ("shares", ([songs[0]],)),
        "update_share": ("shares", ("1", "x", 1.0)), "delete_share": ("shares", ("1",)), "get_video_info": ("videos", ("1",)),
        "get_captions": ("videos", ("1",)), "hls": ("videos", ("1",)), "search": ("old", ()),
        "get_transcode_decision": ("transcoding", (songs[0], "song", {})),
        "get_transcode_stream": ("transcoding", (songs[0], "song", "x")), "get_avatar": ("avatars", ("admin",)),
        "get_music_folders": ("client", ()),
    }
    try:
        wrong = []
        for name, arguments in calls.items():
            try:
                result = getattr(conn, name)(*arguments)
                answer = await result if inspect.isawaitable(result) else result
                assert answer is not None and answer is not False, "no answer"
                if hasattr(answer, "read"):
                    assert await answer.read(), "no bytes"
            except Exception as error:  # all of them are told at once
                wrong.append(f"{name}: {type(error).__name__} {error}")
        assert not wrong, "\n".join(wrong)
        assert (await key.token_info()).username == options["admin"]
        for name, (reason, arguments) in refused.items():
            await refuses(name, reason, getattr(conn, name), arguments)
    finally:
        await conn.cleanup()
        await key.cleanup()
    have = {name for name, member in inspect.getmembers(libopensonic.AsyncConnection, inspect.isfunction)
            if not name.startswith("_")} - {"cleanup"}
    complete("py-opensonic", have, set(calls) | set(refused) | {"token_info"}, refused)


async def refuses(name, reason, method, arguments):
    try:
        answer = method(*arguments)
        if inspect.isawaitable(answer):
            await answer
    except Exception as error:  # each client has errors of its own
        print(f"not served: {name}: {UNSERVED[reason]} ({type(error).__name__})")
    else:
        raise AssertionError(f"{name} is served, and is said not to be")


def complete(client, have, known, refused):
    assert have <= known, f"{client}: not called: {sorted(have - known)}"
    print(f"{client}: {len(known) - len(refused)} methods served, {len(refused)} not")


def sonic(options, library):
    address = urllib.parse.urlsplit(options["url"])
    conn = libsonic.Connection(
        f"http://{address.hostname}", options["admin"], options["app_password"], port=address.port)
    songs = [song["id"] for song in library["songs"]]
    album, artist = library["albums"][0]["id"], library["artists"][0]["id"]
    made = conn.createPlaylist(name="From a client", songIds=songs[:2])["playlist"]["id"]
    calls = {
        "ping": (), "getLicense": (), "getScanStatus": (), "startScan": (), "getMusicFolders": (), "getNowPlaying": (),
        "getIndexes": (), "getMusicDirectory": (album,), "search2": ("a",), "search3": ("a",), "getPlaylists": (),
        "getPlaylist": (made,), "download": (songs[0],), "stream": (songs[0],), "getCoverArt": (album,),
        "scrobble": (songs[0],), "getUser": (options["admin"],), "getUsers": (),
        "createUser": ("guest", "guest password", "g@example.org"), "updateUser": ("guest",),
        "changePassword": ("guest", "other password"), "deleteUser": ("guest",), "getAlbumList": ("newest",),
        "getAlbumList2": ("newest",), "getRandomSongs": (), "getLyrics": ("x", "y"), "setRating": (songs[0], 2),
        "getArtists": (), "getArtist": (artist,), "getAlbum": (album,), "getSong": (songs[0],), "getStarred": (),
        "getStarred2": (), "updatePlaylist": (made, "Renamed"), "star": ([songs[0]], [album], [artist]),
        "unstar": ([songs[0]], [album], [artist]), "getGenres": (),
        "getSongsByGenre": (library["genres"][0]["value"],), "getArtistInfo": (artist,), "getArtistInfo2": (artist,),
        "getSimilarSongs": (songs[0],), "getSimilarSongs2": (artist,), "savePlayQueue": (songs, songs[1], 10),
        "getPlayQueue": (), "getTopSongs": (library["artists"][0]["name"],), "getAlbumInfo": (album,),
        "getAlbumInfo2": (album,), "getVideos": (), "getPodcasts": (), "getNewestPodcasts": (), "getShares": (),
        "getInternetRadioStations": (), "getBookmarks": (), "getChatMessages": (), "createPlaylist": (None, "More"),
        "search": (None, None, library["songs"][0]["title"]), "deletePlaylist": (made,),
    }
    refused = {
        "createBookmark": ("bookmarks", (songs[0], 1)), "deleteBookmark": ("bookmarks", (songs[0],)),
        "addChatMessage": ("chat", ("hello",)), "jukeboxControl": ("jukebox", ("status",)),
        "createPodcastChannel": ("podcasts", ("http://x",)), "deletePodcastChannel": ("podcasts", ("1",)),
        "deletePodcastEpisode": ("podcasts", ("1",)), "downloadPodcastEpisode": ("podcasts", ("1",)),
        "refreshPodcasts": ("podcasts", ()), "createInternetRadioStation": ("radio", ("http://x", "x")),
        "updateInternetRadioStation": ("radio", ("1", "http://x", "x")),
        "deleteInternetRadioStation": ("radio", ("1",)), "createShare": ("shares", ([songs[0]],)),
        "updateShare": ("shares", ("1",)), "deleteShare": ("shares", ("1",)), "getVideoInfo": ("videos", ("1",)),
        "getCaptions": ("videos", ("1",)), "getAvatar": ("avatars", ("admin",)), "scanMediaFolders": ("old", ()),
        "cleanupDatabase": ("old", ()), "hls": ("videos", ("1",)),
    }
    wrong = []
    for name, arguments in calls.items():
        try:
            answer = getattr(conn, name)(*arguments)
            assert answer is not None and answer is not False, "no answer"
            if hasattr(answer, "read"):
                assert answer.read(), "no bytes"
        except Exception as error:  # all of them are told at once
            wrong.append(f"{name}: {type(error).__name__} {error}")
    assert not wrong, "\n".join(wrong)
    for name, (reason, arguments) in refused.items():
        asyncio.run(refuses(name, reason, getattr(conn, name), arguments))
    have = {name for name, member in inspect.getmembers(libsonic.Connection, inspect.isfunction)
            if not name.startswith("_") and not name.startswith("set")} | {"setRating"}
    complete("py-sonic", have, set(calls) | set(refused), refused)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
