import Contracts
import Domain
import HTTPTypes
import NIOCore
import Testing

struct LibraryRoutesTests {
    @Test("A track shows its tags, its audio and what was heard in it")
    func track() async throws {
        let track = try await TestServer().send(.get, "/v1/tracks/1", as: "user").json
        #expect(track["title"] == "Title 1 \"quoted\" \u{1}é")
        #expect(track["path"] == .string("bytes:" + Hex.encode(Array("/music/1-".utf8) + [0xFF])))
        #expect(track["artist"] == "A, B")
        #expect(track["year"] == 1997)
        #expect(track["duration_ms"] == 200_000)
        #expect(track["bitrate_kbps"] == 320)
        #expect(track["tempo_bpm"] == 120.5)
        #expect(track["key"] == "C major")
        #expect(track["key_camelot"] == "8B")
        #expect(track["true_peak_db"] == .null, "JSON has no infinity")
        #expect(track["details"]?["loudness"]?["max_momentary_lufs"] == -8.5)
        #expect(track["fingerprint"] == "AQAA")
        let listed = try await TestServer().send(.get, "/v1/tracks", as: "user").json["items"]?[0]
        #expect(listed?["fingerprint"] == nil)
        #expect(track["tagged_replay_gain"]?["track_gain_db"] == -7.5)
        #expect(track["replay_gain"]?["track_gain_db"] == -9.5)
        #expect(track["replay_gain"]?["album_peak"] == .null)
        #expect(track["cover"] == .string("/v1/covers/\(MemoryStore.coverHash)"))
        #expect(track["extra_tags"] == ["composer": ["C"]])
        #expect(track["has_vector"] == true)
    }

    @Test("Albums, artists and totals are answered", arguments: ["albums", "artists"])
    func nouns(noun: String) async throws {
        let server = try TestServer()
        #expect(try await server.send(.get, "/v1/\(noun)", as: "user").json["items"]?.count == 3)
        #expect(try await server.send(.get, "/v1/\(noun)/2", as: "user").json["id"] == 2)
        #expect(try await server.send(.get, "/v1/\(noun)/99", as: "user").status == 404)
        #expect(try await server.send(.get, "/v1/library", as: "user").json["tracks"] == 5)
    }

    @Test("An album shows its gain and peak, and those only")
    func albumGain() async throws {
        let album = try await TestServer().send(.get, "/v1/albums/2", as: "user").json
        #expect(album["replay_gain"] == ["album_gain_db": .null, "album_peak": 1.25])
    }

    @Test("An album says where its cover came from")
    func albumCover() async throws {
        let album = try await TestServer().send(.get, "/v1/albums/2", as: "user").json
        #expect(album["cover_origin"] == ["source": "coverart", "address": "https://covers.example/1"])
        #expect(album["cover_search"]?["problems"] == ["Last.fm: a wrong key"])
    }

    @Test("Tracks are narrowed to an album or an artist")
    func filters() async throws {
        let server = try TestServer()
        #expect(try await server.send(.get, "/v1/tracks?album_id=1").json["items"]?.count == 5)
        #expect(try await server.send(.get, "/v1/tracks?album_id=2").json["items"]?.count == 0)
        #expect(try await server.send(.get, "/v1/tracks?artist_id=2").json["items"]?.count == 5)
        #expect(try await server.send(.get, "/v1/tracks?artist_id=x").status == 400)
        let hex = Hex.encode(Array("/music/1-".utf8) + [0xFF])
        let byPath = try await server.send(.get, "/v1/tracks?path=bytes%3A\(hex)", as: "user").json
        #expect(byPath["items"]?.count == 1 && byPath["items"]?[0]?["id"] == 1)
        #expect(try await server.send(.get, "/v1/tracks?path=/music/none.mp3").json["items"]?.count == 0)
        #expect(try await server.send(.get, "/v1/tracks?path=music/../1.mp3").status == 400)
    }

    @Test("Search takes any text, percent-encoded or as a form writes it")
    func search() async throws {
        let server = try TestServer()
        #expect(try await server.send(.get, "/v1/search?q=title+1", as: "user").json["items"]?.count == 1)
        #expect(try await server.send(.get, "/v1/search?q=TITLE%201").json["items"]?.count == 1)
        #expect(try await server.send(.get, "/v1/search?q=title&limit=2").json["items"]?.count == 2)
        #expect(try await server.send(.get, "/v1/search?q=%22%27%28%2A%3B--").json["items"]?.count == 0)
        let long = String(repeating: "a", count: 201)
        for bad in ["", "?q=", "?q=%00", "?q=%FF", "?q=%4", "?q=\(long)", "?q=a&limit=101"] {
            #expect(try await server.send(.get, "/v1/search\(bad)").status == 400)
        }
    }

    @Test("A cover is answered as a picture that never changes")
    func cover() async throws {
        let server = try TestServer()
        let answer = try await server.send(.get, "/v1/covers/\(MemoryStore.coverHash)", as: "user")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "image/png")
        #expect(answer.headers[.cacheControl] == "private, max-age=31536000, immutable")
        #expect(Array(answer.body.readableBytesView) == [1, 2, 3])
        let tag = try #require(answer.headers[.eTag])
        let again = try await server.send(
            .get, "/v1/covers/\(MemoryStore.coverHash)", headers: [.ifNoneMatch: tag])
        #expect(again.status == 304)
        #expect(again.body.readableBytes == 0)
    }

    @Test("A cover that is no raster picture is not served, whatever a file claimed")
    func activeContent() async throws {
        for type in ["image/svg+xml", "text/html", "IMAGE/PNG\r\nSet-Cookie: a=b"] {
            let store = MemoryStore.filled()
            store.change {
                $0.covers[MemoryStore.coverHash] = CoverImage(
                    hash: MemoryStore.coverHash, mediaType: type, data: [1])
            }
            let answer = try await TestServer(store).send(.get, "/v1/covers/\(MemoryStore.coverHash)")
            #expect(answer.status == 404)
        }
    }

    @Test(
        "A path that tries to climb finds nothing",
        arguments: [
            "/v1/covers/../../etc/passwd", "/v1/covers/..%2f..%2fetc%2fpasswd", "/v1/covers/%2e%2e", "/v1/covers/",
            "/v1/covers/ABABABAB", "/v1//tracks", "/v1/tracks/", "//v1/tracks", "/v1/tracks/1/../2",
            "/v1/tracks/%31%00",
            "/v1/tracks/..", "/v1/tracks/1e3", "/v1/tracks/-1", "/v1/tracks/0", "/v1/tracks/9223372036854775808",
            "/v1/tracks/%zz", "/V1/tracks", "/v1/tracks;x=1", "*", "v1/tracks", "/healthz/", "/.", "/static/../healthz",
        ])
    func climbing(target: String) async throws {
        let answer = try await TestServer().send(.get, target)
        #expect(answer.status == 404)
        #expect(answer.json["title"] == "Not Found")
    }

    @Test("Every list is paged by cursor without gaps or doubles", arguments: ["tracks", "albums", "artists", "tasks"])
    func paging(noun: String) async throws {
        let server = try TestServer()
        var ids: [JSONValue] = []
        var cursor = ""
        repeat {
            let page = try await server.send(.get, "/v1/\(noun)?limit=2\(cursor)", as: "user").json
            for index in 0..<(page["items"]?.count ?? 0) { ids.append(page["items"]?[index]?["id"] ?? .null) }
            guard case .string(let next) = page["next_cursor"] else { break }
            cursor = "&cursor=\(next)"
        } while ids.count < 100
        let all = try await server.send(.get, "/v1/\(noun)?limit=500").json["items"]
        #expect(ids == (0..<(all?.count ?? 0)).map { all?[$0]?["id"] ?? .null })
        #expect(ids.count >= 3)
    }

    @Test(
        "A limit or cursor that makes no sense is refused",
        arguments: ["scans", "tasks", "tracks", "albums", "artists"])
    func badPages(noun: String) async throws {
        let server = try TestServer()
        let long = String(repeating: "c", count: 8001)
        for query in [
            "limit=0", "limit=-1", "limit=501", "limit=x", "limit=", "limit=1e2", "limit=99999999999999999999",
            "cursor=nonsense", "cursor=", "cursor=\(long)", "cursor=%27%3B", "limit=1&limit=2",
        ] {
            #expect(try await server.send(.get, "/v1/\(noun)?\(query)").status == 400, "\(query)")
        }
    }
}
