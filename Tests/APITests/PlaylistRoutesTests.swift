import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

/// Playlists, the play queue and lyrics over HTTP.
@Suite struct PlaylistRoutesTests {
    @Test("A playlist is made, filled, put in another order, thinned out and deleted")
    func life() async throws {
        let server = try TestServer()
        let made = try await server.send(
            .post, "/v1/playlists", as: "user",
            json: #"{"name": "Evening", "comment": "slow", "track_ids": [3, 1, 3]}"#)
        #expect(made.status == 201 && made.json["track_count"] == 3 && made.json["public"] == false)
        #expect(made.json["owner"] == "ada" && made.headers[.location] == "/v1/playlists/1")
        let path = "/v1/playlists/1"
        #expect(try await server.send(.post, "\(path)/tracks", as: "user", json: #"{"track_ids": [2]}"#).status == 200)
        let thin = try await server.send(
            .post, "\(path)/tracks/remove", as: "user", json: #"{"positions": [0, 3, 0]}"#)
        #expect(thin.json["track_count"] == 2)
        let first = try await server.send(.get, "\(path)/tracks?limit=1", as: "user")
        #expect(first.json["items"]?[0]?["track"]?["id"] == 1 && first.json["items"]?[0]?["position"] == 0)
        guard case .string(let cursor)? = first.json["next_cursor"] else {
            Issue.record("there is no cursor")
            return
        }
        let second = try await server.send(.get, "\(path)/tracks?limit=1&cursor=\(cursor)", as: "user")
        #expect(second.json["items"]?[0]?["track"]?["id"] == 3 && second.json["next_cursor"] == .null)
        let replaced = try await server.send(.put, "\(path)/tracks", as: "user", json: #"{"track_ids": [5, 4]}"#)
        #expect(replaced.status == 200 && replaced.json["track_count"] == 2)
        let renamed = try await server.send(.patch, path, as: "user", json: #"{"name": "Night", "public": true}"#)
        #expect(renamed.json["name"] == "Night" && renamed.json["comment"] == "slow" && renamed.json["public"] == true)
        #expect(try await server.send(.delete, path, as: "user").status == 204)
        #expect(try await server.send(.get, path, as: "user").status == 404)
    }

    @Test("Others read what is public, administrators everything; only the owner and they change it")
    func permissions() async throws {
        let server = try TestServer()
        for name in ["mine", "everybody's"] {
            let json = #"{"name": "\#(name)", "track_ids": [1], "public": \#(name == "mine" ? "false" : "true")}"#
            #expect(try await server.send(.post, "/v1/playlists", as: "admin", json: json).status == 201)
        }
        let (own, shared) = ("/v1/playlists/1", "/v1/playlists/2")
        #expect(try await server.send(.get, own, as: "user").status == 404)
        #expect(try await server.send(.get, "\(own)/tracks", as: "user").status == 404)
        #expect(try await server.send(.get, "\(own)/export.m3u8", as: "user").status == 404)
        #expect(try await server.send(.patch, own, as: "user", json: #"{"name": "x"}"#).status == 404)
        #expect(try await server.send(.get, "\(shared)/tracks", as: "user").status == 200)
        #expect(try await server.send(.patch, shared, as: "user", json: #"{"name": "x"}"#).status == 403)
        #expect(try await server.send(.delete, shared, as: "user").status == 403)
        #expect(
            try await server.send(.post, "\(shared)/tracks", as: "user", json: #"{"track_ids": [1]}"#).status == 403)
        let seen = try await server.send(.get, "/v1/playlists", as: "user")
        #expect(seen.json["items"]?.count == 1)
        _ = try await server.send(.post, "/v1/playlists", as: "user", json: #"{"name": "hers"}"#)
        #expect(try await server.send(.get, "/v1/playlists", as: "admin").json["items"]?.count == 2)
        #expect(try await server.send(.get, "/v1/playlists?owner=1", as: "admin").json["items"]?.count == 1)
        #expect(try await server.send(.patch, "/v1/playlists/3", as: "admin", json: #"{"name": "x"}"#).status == 200)
        #expect(try await server.send(.get, "/v1/playlists", as: "worker").status == 403)
    }

    @Test("Bad names, tracks, positions and versions are refused, and change nothing")
    func refusals() async throws {
        let server = try TestServer()
        let made = try await server.send(.post, "/v1/playlists", as: "user", json: #"{"name": "a", "track_ids": [1]}"#)
        guard case .integer(let version)? = made.json["version"] else {
            Issue.record("there is no version")
            return
        }
        for (method, path, json, status) in [
            (HTTPRequest.Method.post, "", #"{}"#, 422), (.post, "", #"{"name": ""}"#, 422),
            (.post, "", #"{"name": " "}"#, 422), (.post, "", #"{"name": "a\nb"}"#, 422),
            (.post, "", #"{"name": "a", "track_ids": [99]}"#, 422), (.post, "", #"{"name": "a", "ids": []}"#, 400),
            (.patch, "/1", #"{"name": "\#(String(repeating: "x", count: 257))"}"#, 422),
            (.post, "/1/tracks", #"{"track_ids": [99]}"#, 422), (.post, "/1/tracks", #"{}"#, 422),
            (.post, "/1/tracks/remove", #"{"positions": [1]}"#, 409),
            (.post, "/1/tracks/remove", #"{"positions": [-1]}"#, 422),
            (.put, "/1/tracks", #"{"track_ids": [2], "version": \#(version + 7)}"#, 409),
            (.post, "/7/tracks", #"{"track_ids": [1]}"#, 404),
        ] {
            let answer = try await server.send(method, "/v1/playlists\(path)", as: "user", json: json)
            #expect(answer.status == status, "\(method) \(path) \(json): \(answer.text)")
        }
        #expect(try await server.send(.get, "/v1/playlists?cursor=!!", as: "user").status == 400)
        #expect(try await server.send(.get, "/v1/playlists/1", as: "user").json["version"] == .integer(version))
        let json = #"{"track_ids": [2], "version": \#(version)}"#
        #expect(try await server.send(.put, "/v1/playlists/1/tracks", as: "user", json: json).status == 200)
    }

    @Test("A playlist is saved as M3U8, with paths from the root or from the library")
    func export() async throws {
        let server = try TestServer()
        server.store.change { state in
            state.tracks[0].path = FilePath("/music/#1/Ä.flac")
            state.tracks[1].path = FilePath("/music/#one.mp3")
        }
        _ = try await server.send(
            .post, "/v1/playlists", as: "user", json: #"{"name": "One line", "track_ids": [1, 2, 1, 3]}"#)
        let broken = try await server.send(
            .post, "/v1/playlists", as: "user", json: #"{"name": "Two\u2028lines", "track_ids": [1]}"#)
        #expect(broken.status == 422, "a name is one line")
        let absolute = try await server.send(.get, "/v1/playlists/1/export.m3u8", as: "user")
        #expect(absolute.headers[.contentType] == "application/vnd.apple.mpegurl")
        #expect(absolute.headers[.contentDisposition]?.hasSuffix("\"playlist-1.m3u8\"") == true)
        let lines = absolute.text.split(separator: "\n").map(String.init)
        #expect(lines.count == 10 && lines[0] == "#EXTM3U" && lines[1] == "#PLAYLIST:One line")
        #expect(lines[2].hasPrefix("#EXTINF:200,A, B - Title 1 ") && lines[3] == "/music/#1/Ä.flac")
        #expect(lines[5] == "/music/#one.mp3" && lines[7] == lines[3])
        // A name that is no text is written as an address.
        #expect(lines[9] == "file:///music/3-%FF")
        let relative = try await server.send(.get, "/v1/playlists/1/export.m3u8?paths=relative", as: "user")
        let places = relative.text.split(separator: "\n").map(String.init)
        #expect(places[3] == "./#1/Ä.flac" && places[5] == "./#one.mp3" && places[9] == "3-%FF")
        #expect(try await server.send(.get, "/v1/playlists/1/export.m3u8?paths=both", as: "user").status == 400)
    }

    @Test("The play queue is one for all players of an account, and nobody else's")
    func queue() async throws {
        let server = try TestServer()
        let empty = try await server.send(.get, "/v1/me/queue", as: "user")
        #expect(empty.status == 200 && empty.json["track_ids"]?.count == 0 && empty.json["changed_at"] == .null)
        let saved = try await server.send(
            .put, "/v1/me/queue", as: "user",
            json: #"{"track_ids": [3, 1, 3], "current_index": 2, "position_ms": 61000, "client": "phone"}"#)
        #expect(saved.status == 200 && saved.json["current_index"] == 2 && saved.json["changed_by"] == "phone")
        let tracks = try await server.send(.get, "/v1/me/queue/tracks?limit=2", as: "user")
        #expect(tracks.json["items"]?[0]?["track"]?["id"] == 3 && tracks.json["next_cursor"] == "2")
        let rest = try await server.send(.get, "/v1/me/queue/tracks?limit=2&cursor=2", as: "user")
        #expect(rest.json["items"]?[0]?["position"] == 2 && rest.json["next_cursor"] == .null)
        #expect(try await server.send(.get, "/v1/me/queue/tracks?cursor=x", as: "user").status == 400)
        #expect(try await server.send(.get, "/v1/me/queue", as: "admin").json["track_ids"]?.count == 0)
        for (json, status) in [
            (#"{"track_ids": [1], "current_index": 1}"#, 422), (#"{"track_ids": [99]}"#, 422),
            (#"{"track_ids": [1], "position_ms": -1}"#, 422), (#"{}"#, 422),
        ] {
            #expect(try await server.send(.put, "/v1/me/queue", as: "user", json: json).status == status, "\(json)")
        }
        #expect(try await server.send(.get, "/v1/me/queue", as: "user").json["position_ms"] == 61000)
        guard case .integer(let version)? = saved.json["version"] else { return #expect(Bool(false), "no version") }
        func save(_ version: Int64) async throws -> Answer {
            try await server.send(
                .put, "/v1/me/queue", as: "user", json: #"{"track_ids": [2], "version": \#(version)}"#)
        }
        #expect(empty.json["version"] == 0)
        #expect(try await save(0).status == 409)
        #expect(try await server.send(.get, "/v1/me/queue", as: "user").json["position_ms"] == 61000)
        let next = try await save(version)
        #expect(next.status == 200 && next.json["version"] != saved.json["version"])
        #expect(try await save(version).status == 409)
        #expect(try await server.send(.delete, "/v1/me/queue", as: "user").status == 204)
        #expect(try await server.send(.get, "/v1/me/queue", as: "user").json["track_ids"]?.count == 0)
    }

    @Test(
        "What a page adds to the queue is not lost to a player that saves at the same moment, nor what that one saved")
    func meeting() async throws {
        let server = try TestServer()
        let browser = try await SignedInBrowser(server)
        let later = PlayQueue(
            trackIDs: [3, 1], currentIndex: 1, positionMs: 5000, changedAt: MemoryStore.now + 9, changedBy: "phone")
        server.store.change { $0.playerBetween = [later] }
        let answer = try await browser.post("/library/queue", "act=add&kind=track&id=2")
        #expect(answer.status == 303)
        let queue = try await server.send(.get, "/v1/me/queue", as: "user").json
        #expect(queue["track_ids"] == [3, 1, 2] && queue["current_index"] == 1 && queue["position_ms"] == 5000)
    }

    @Test("A page moves what is yet to come up and down, and what plays stays where it is")
    func moving() async throws {
        let server = try TestServer()
        let browser = try await SignedInBrowser(server)
        _ = try await server.send(
            .put, "/v1/me/queue", as: "user",
            json: #"{"track_ids": [3, 1, 2, 1], "current_index": 0, "position_ms": 5000}"#)
        func order(_ fields: String) async throws -> JSONValue? {
            let answer = try await browser.post("/library/queue", fields)
            #expect(answer.status == 303, "\(fields)")
            return try await server.send(.get, "/v1/me/queue", as: "user").json["track_ids"]
        }
        #expect(try await order("act=up&position=2&track=2") == [3, 2, 1, 1])
        #expect(try await order("act=down&position=1&track=2") == [3, 1, 2, 1])
        #expect(try await order("act=down&position=0&track=3") == [1, 3, 2, 1])
        let queue = try await server.send(.get, "/v1/me/queue", as: "user").json
        #expect(queue["current_index"] == 1 && queue["position_ms"] == 5000, "it plays on where it is now")
        #expect(try await browser.post("/library/queue", "act=up&position=0&track=1").status == 422)
        #expect(try await browser.post("/library/queue", "act=up&position=1&track=1").status == 409)
        let kept = try await browser.post("/library/queue", "act=down&position=2&track=2&cursor=1")
        #expect(kept.headers[.location] == "/library/queue?cursor=1", "one stays on the page")
        let page = try await browser.get("/library/queue?cursor=0").text
        #expect(page.ranges(of: "value=\"up\"").count == 1, "of four rows one may go up: \(page)")
        #expect(page.ranges(of: "value=\"down\"").count == 1 && page.contains("data-account="))
    }

    @Test("Lyrics come from a file beside the music and from its tags, those with times first")
    func lyrics() async throws {
        let server = try TestServer()
        server.store.change { state in
            state.tracks[0].path = FilePath("/music/a/Song.flac")
            state.tracks[0].metadata.extra["lyrics"] = ["First\nSecond"]
            state.files[FilePath("/music/a/Song.lrc")] = Array(
                "\u{FEFF}[ti:Song]\r\n[offset:+250]\r\n[00:02.5]Two\r\n[00:01.00]One\r\n".utf8)
        }
        let found = try await server.send(.get, "/v1/tracks/1/lyrics", as: "user")
        #expect(found.status == 200 && found.json["items"]?.count == 2)
        let synced = found.json["items"]?[0]
        #expect(synced?["synced"] == true && synced?["origin"] == "file" && synced?["offset_ms"] == 250)
        #expect(synced?["title"] == "Song" && synced?["lines"]?[0]?["start_ms"] == 1000)
        #expect(synced?["lines"]?[1]?["text"] == "Two")
        let plain = found.json["items"]?[1]
        #expect(plain?["origin"] == "tag" && plain?["lines"]?[1]?["start_ms"] == .null)
        #expect(try await server.send(.get, "/v1/tracks/2/lyrics", as: "user").json["items"]?.count == 0)
        #expect(try await server.send(.get, "/v1/tracks/99/lyrics", as: "user").status == 404)
    }

    @Test("A playlist file that a client sends becomes a playlist, and what is not in the library is told")
    func importing() async throws {
        let server = try TestServer()
        server.store.change { state in
            state.tracks[0].path = FilePath("/music/a/One.flac")
            state.tracks[1].path = FilePath("/music/b/Two.mp3")
        }
        let text = #"#EXTM3U\n#PLAYLIST:Mine\n../b/Two.mp3\nC:\\Music\\a\\One.flac\nhttp://x.example/radio\n"#
        let made = try await server.send(
            .post, "/v1/playlists/import", as: "user", json: #"{"text": "\#(text)", "folder": "/music/a"}"#)
        #expect(made.status == 201 && made.json["playlist"]?["name"] == "Mine", "\(made.text)")
        #expect(made.json["entry_count"] == 3 && made.json["missing"] == ["http://x.example/radio"])
        let tracks = try await server.send(.get, "/v1/playlists/1/tracks", as: "user")
        #expect(tracks.json["items"]?[0]?["track"]?["id"] == 2 && tracks.json["items"]?[1]?["track"]?["id"] == 1)
        for (json, status) in [
            (#"{"text": "a.mp3"}"#, 422), (#"{"text": "<x/>", "format": "xspf", "name": "a"}"#, 422),
            (#"{"text": "", "name": "a"}"#, 422), (#"{"text": "a", "format": "cue", "name": "a"}"#, 422),
            (##"{"text": "#EXT-X-VERSION:3", "name": "a"}"##, 422),
            (#"{"text": "a", "name": "a", "folder": "b"}"#, 422),
        ] {
            let answer = try await server.send(.post, "/v1/playlists/import", as: "user", json: json)
            #expect(answer.status == status, "\(json)")
        }
        let files = try await server.send(.get, "/v1/playlist-files", as: "user")
        #expect(files.json["items"]?[0]?["missing_count"] == 2)
        #expect(try await server.send(.get, "/v1/playlist-files?cursor=!", as: "user").status == 400)
    }
}
