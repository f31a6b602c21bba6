import Contracts
import Foundation
import Programs
import TestSupport
import Testing

@testable import Demo

/// Music players that others wrote, against a real server with a real library.
@Suite(.timeLimit(.minutes(5)))
struct SubsonicTests {
    private static let userPassword = "clear as day"

    /// Three albums of three artists, with words and a picture.
    private func fill(_ lab: Lab) async throws {
        let tree = Tree(lab.music)
        let makers = ["Ånna & the Tides", "Marled Field", "The Quarry"]
        for (index, song) in try await SongShelf.songs().enumerated() {
            let maker = makers[index % makers.count]
            let bytes = try song.tagged { tags in
                tags.artists = [maker]
                tags.albumArtist = maker
                tags.album = "Album of \(maker)"
                tags.date = "\(1990 + index % makers.count)"
                tags.genres = index % 2 == 0 ? ["Folk", "Ambient"] : ["Folk"]
            }
            let path = "Shelf/\(index % makers.count)/\(song.fileName)"
            try tree.write(path, bytes)
            let words = "[00:01.00]First line\n[00:02.50]Second line & more\n"
            try tree.write("Shelf/\(index % makers.count)/\(song.name).lrc", Array(words.utf8))
        }
        for index in makers.indices {
            try Tool.run(
                "ffmpeg",
                [
                    "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "color=teal:size=400x300", "-frames:v", "1",
                    "\(lab.music)/Shelf/\(index)/cover.jpg",
                ])
        }
    }

    @Test("Two clients from PyPI can call every method that is served, and all answers fit both descriptions")
    func clients() async throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Support/subsonic")
        let python = try await PythonEnvironment.python(
            folder.appending(path: "requirements.txt"), name: "subsonic", use: "the Subsonic protocol")
        let lab = try Lab(.sqlite)
        try await fill(lab)
        let server = try await ServerProcess.start(lab, .up, music: [lab.music])
        try await server.api.allScansEnded()
        try await until("the albums have pictures") {
            let albums = try await server.api.list("/v1/albums")
            return !albums.isEmpty && albums.allSatisfy { $0["cover"]?.text != nil }
        }
        let own = try await server.api.ask(
            .post, "/v1/me/app-passwords", ["name": "phone", "role": "admin"])
        _ = try await server.api.ask(
            .post, "/v1/accounts", ["name": "ada", "password": .string(Self.userPassword)])
        let worker = try await server.api.ask(.post, "/v1/tokens", ["name": "attic", "role": "worker"])
        let me = try await server.api.ask(.get, "/v1/me")
        let options: JSONValue = [
            "url": .string(server.api.base), "admin": me["name"] ?? .null, "app_password": own["secret"] ?? .null,
            "user": "ada", "user_password": .string(Self.userPassword), "worker_token": worker["secret"] ?? .null,
        ]
        var check = Program(
            python, ["-B", folder.appending(path: "check.py").path, ContractJSON.encode(options)])
        check.isOutputHeard = true
        let end = try await check.finish()
        #expect(end.status == 0, "\(end.words)")
        #expect(try await server.stop() == .code(0))
    }

    @Test("A folder is scanned, its songs are queued on one player and played on another", arguments: Engine.available)
    func journey(_ engine: Engine) async throws {
        let lab = try Lab(engine)
        let server = try await ServerProcess.start(lab, .up, music: [lab.music])
        try await server.api.allScansEnded()
        try await fill(lab)
        let own = try await server.api.ask(.post, "/v1/me/app-passwords", ["name": "player"])
        let secret = try #require(own["secret"]?.text)
        let phone = Player(base: server.api.base, key: secret, name: "phone")
        let car = Player(base: server.api.base, key: secret, name: "car")

        _ = try await phone.ask("startScan")
        try await until("the songs are there") {
            let status = try await phone.ask("getScanStatus")["scanStatus"]
            return status?["scanning"]?.flag == false && status?["count"]?.int == 8
        }
        let found = try await phone.ask("search3?query=&songCount=500")["searchResult3"]?["song"]?.list ?? []
        let ids = found.compactMap { $0["id"]?.text }
        #expect(ids.count == 8)

        let list = ids.map { "id=\($0)" }.joined(separator: "&")
        _ = try await phone.ask("savePlayQueue?\(list)&current=\(ids[3])&position=1200")
        let queue = try #require(try await car.ask("getPlayQueue")["playQueue"])
        #expect(queue["current"]?.text == ids[3] && queue["position"]?.int == 1200)
        #expect(queue["changedBy"]?.text == "phone")
        #expect(queue["entry"]?.list.compactMap { $0["id"]?.text } == ids)

        _ = try await car.ask("scrobble?id=\(ids[3])&submission=false")
        let playing = try await phone.ask("getNowPlaying")["nowPlaying"]?["entry"]?.list.first
        #expect(playing?["id"]?.text == ids[3] && playing?["playerName"]?.text == "car")
        for id in ids {
            let whole = try await car.fetch("stream?id=\(id)")
            let size = try #require(found.first { $0["id"]?.text == id }?["size"]?.int)
            #expect(whole.status == 200 && whole.headers["content-length"] == "\(size)")
            let part = try await car.fetch("stream?id=\(id)", headers: ["Range": "bytes=500-"])
            #expect(part.status == 206 && part.headers["content-range"] == "bytes 500-\(size - 1)/\(size)")
        }
        _ = try await car.ask("scrobble?id=\(ids[3])")
        let plays = try await server.api.list("/v1/plays")
        #expect(plays.count == 1 && plays[0]["play"]?["client"]?.text == "car")
        #expect(plays[0]["play"]?["finished"]?.flag == true)
        #expect(try await phone.ask("getNowPlaying")["nowPlaying"]?["entry"]?.list.isEmpty == true)

        let token = try #require(own["token"]?["id"]?.int)
        #expect(try await server.api.send(.delete, "/v1/me/app-passwords/\(token)").status == 204)
        let refused = try await phone.fetch("ping?f=json").json["subsonic-response"]
        #expect(refused?["error"]?["code"]?.int == 44)
        #expect(try await server.stop() == .code(0))
    }

    @Test("A page of another origin calls, shows and plays in a real browser")
    func pageElsewhere() async throws {
        let lab = try Lab(.sqlite)
        try await fill(lab)
        let server = try await ServerProcess.start(lab, .up, music: [lab.music])
        try await server.api.allScansEnded()
        let own = try await server.api.ask(.post, "/v1/me/app-passwords", ["name": "page"])
        let phone = Player(base: server.api.base, key: try #require(own["secret"]?.text), name: "page")
        let songs = try await phone.ask("search3?query=&songCount=2")["searchResult3"]?["song"]?.list ?? []
        let song = try #require(songs.first?["id"]?.text)
        try await until("the albums have pictures") {
            let albums = try await server.api.list("/v1/albums")
            return !albums.isEmpty && albums.allSatisfy { $0["cover"]?.text != nil }
        }
        let browser = try await Browser.start(in: lab)
        // From a file: a browser lets no page that may be of the wide web ask a server on this machine.
        let page = lab.data + "-page.html"
        try Data("<title>Elsewhere</title>".utf8).write(to: URL(fileURLWithPath: page))
        try await browser.open("file://\(page)")
        func rest(_ method: String) -> String { ContractJSON.encode(JSONValue.string(phone.address(method))) }
        let told = try await browser.value("fetch(\(rest("ping?f=json"))).then((answer) => answer.text())")
        #expect(told.text?.contains("\"status\":\"ok\"") == true)
        let part = try await browser.value(
            """
            fetch(\(rest("stream?id=\(song)")), { headers: { Range: "bytes=0-9", "X-Requested-With": "page" } })
              .then((answer) => `${answer.status} ${answer.headers.get("content-range").split("/")[0]}`)
            """)
        #expect(part == "206 bytes 0-9")
        let shown = try await browser.value(
            """
            new Promise((done) => {
              const picture = new Image();
              picture.onload = () => done(picture.naturalWidth);
              picture.onerror = () => done(0);
              picture.src = \(rest("getCoverArt?id=\(song)"));
            })
            """)
        #expect(shown == 400)
        let heard = try await browser.value(
            """
            new Promise((done) => {
              const audio = new Audio(\(rest("stream?id=\(song)&format=mp3")));
              audio.oncanplay = () => done(true);
              audio.onerror = () => done(false);
              audio.load();
            })
            """)
        #expect(heard == true)
        let called = try await browser.value(
            """
            new Promise((done) => {
              globalThis.call = (answer) => done(answer["subsonic-response"].status);
              const script = document.createElement("script");
              script.src = \(rest("ping?f=jsonp&callback=call"));
              document.head.append(script);
            })
            """)
        #expect(called == "ok")
        try await browser.close()
        #expect(try await server.stop() == .code(0))
    }
}

/// A player as far as it asks and listens.
private struct Player {
    let base: String
    let key: String
    let name: String

    func fetch(_ method: String, headers: [String: String] = [:]) async throws -> Client.Answer {
        try await Client(base: base).send(.get, target(method), headers: headers)
    }

    func address(_ method: String) -> String { base + target(method) }

    private func target(_ method: String) -> String {
        "/rest/\(method)\(method.contains("?") ? "&" : "?")apiKey=\(key)&v=1.16.1&c=\(name)"
    }

    func ask(_ method: String) async throws -> JSONValue {
        let mark = method.contains("?") ? "&" : "?"
        let answer = try await fetch("\(method)\(mark)f=json").json
        guard let response = answer["subsonic-response"], response["status"]?.text == "ok" else {
            throw Client.Unexpected(description: "\(method): \(answer)")
        }
        return response
    }
}
