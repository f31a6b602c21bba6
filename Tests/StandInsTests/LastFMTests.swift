import Testing

@testable import StandIns

@Suite struct LastFMTests {
    private let settings = LastFMSettings()
    private let bench: Bench<LastFMService>
    private let session: String

    init() {
        bench = Bench(
            service: LastFMService(
                store: CatalogueStore(), painter: CoverPainter(searchPath: ""),
                surroundings: Bench<LastFMService>.surroundings))
        session = bench.service.grantSession()
    }

    /// A signed call, posted as a form.
    private func call(_ parameters: [String: String], secret: String? = nil) async throws -> Reply {
        let all = parameters.merging(["api_key": settings.firstKey, "format": "json", "sk": session]) { $1 }
        var items = all.map { Parameters.Item(name: $0.key, value: $0.value) }
        let secret = try #require(secret ?? settings.secrets[settings.firstKey])
        items.append(Parameters.Item(name: "api_sig", value: LastFMSignature.sign(items, secret: secret)))
        let form = items.map { "\(Parameters.encoded($0.name))=\(Parameters.encoded($0.value))" }
        return await bench.send(
            "/2.0/", headers: ["content-type": "application/x-www-form-urlencoded"], form.joined(separator: "&"))
    }

    private func scrobble(_ plays: [(artist: String, track: String, at: Int)]) async throws -> Reply {
        var parameters = ["method": "track.scrobble"]
        for (index, play) in plays.enumerated() {
            parameters["artist[\(index)]"] = play.artist
            parameters["track[\(index)]"] = play.track
            parameters["timestamp[\(index)]"] = "\(play.at)"
        }
        return try await call(parameters)
    }

    @Test("A scrobble alone is answered with an object, several with a list, and ignored ones with a reason")
    func ignored() async throws {
        let now = Bench<LastFMService>.now
        let one = try await scrobble([("Marled Field", "Silt", now)]).json["scrobbles"]
        #expect(one?["scrobble"]?.members != nil)
        #expect(one?["@attr"]?["accepted"] == 1)
        let many = try await scrobble([
            ("Unknown Artist", "a", now), ("A", "[untitled]", now), ("A", "old", now - 15 * 86_400),
            ("A", "new", now + 86_400), ("eloise morand", "Ressort", now),
        ]).json["scrobbles"]
        let list = try #require(many?["scrobble"]?.array)
        #expect(list.map { $0["ignoredMessage"]?["code"] } == ["1", "2", "3", "4", "0"])
        #expect(many?["@attr"]?["ignored"] == 4)
        #expect(list[4]["artist"] == ["#text": "Éloïse Morand", "corrected": "1"])
        #expect(bench.service.scrobbles.map(\.track) == ["Silt", "Ressort"])
    }

    @Test("Fifty scrobbles are taken at once, fifty-one are refused and leave nothing")
    func batchLimit() async throws {
        let plays = (0..<51).map { ("Marled Field", "Song \($0)", Bench<LastFMService>.now - $0) }
        let refused = try await scrobble(plays)
        #expect(refused.status == 400)
        #expect(try refused.json["error"] == 6)
        #expect(bench.service.scrobbles.isEmpty)
        #expect(try await scrobble(Array(plays.prefix(50))).status == 200)
        #expect(bench.service.scrobbles.count == 50)
    }

    @Test("Errors have the codes and the statuses of the documentation, in JSON and in XML")
    func errors() async throws {
        let key = settings.firstKey
        let wrong = try await call(["method": "track.love", "artist": "a", "track": "b"], secret: "x")
        #expect(wrong.status == 403)
        #expect(try wrong.json["error"] == 13)
        let method = await bench.get("/2.0/?method=track.fly&api_key=\(key)")
        #expect(method.status == 400)
        #expect(method.text.contains(#"<lfm status="failed"><error code="3">"#))
        #expect(try await bench.get("/2.0/?method=track.getInfo&format=json&api_key=x").json["error"] == 10)
        let album = await bench.get("/2.0/?method=album.getInfo&artist=a&album=b&format=json&api_key=\(key)")
        #expect(album.status == 200)
        #expect(try album.json["error"] == 6)
        #expect(bench.service.refusal(code: 29, to: Request(method: "GET", target: "/2.0/"))?.status == 429)
        #expect(bench.service.refusal(code: 16, to: Request(method: "GET", target: "/2.0/"))?.status == 503)
    }

    @Test("A browser's yes makes a token that opens one session")
    func webAuth() async throws {
        let page = await bench.get("/api/auth/?api_key=\(settings.firstKey)&cb=http://127.0.0.1/back?a=1")
        let location = try #require(page.header("Location"))
        #expect(location.hasPrefix("http://127.0.0.1/back?a=1&token="))
        let token = String(try #require(location.split(separator: "=").last))
        let session = try await call(["method": "auth.getSession", "token": token]).json["session"]
        #expect(session?["name"] == "demo")
        #expect(session?["key"]?.string?.count == 32)
        #expect(try await call(["method": "auth.getSession", "token": token]).json["error"] == 4)
    }

    @Test("A mobile session is refused to GET and to a wrong password")
    func mobileAuth() async throws {
        let right = ["method": "auth.getMobileSession", "username": "demo", "password": "furrow"]
        #expect(try await call(right).json["session"]?["subscriber"] == 0)
        #expect(try await call(right.merging(["password": "x"]) { $1 }).json["error"] == 4)
        let items = (right.merging(["api_key": settings.firstKey, "format": "json"]) { $1 }).map {
            Parameters.Item(name: $0.key, value: $0.value)
        }
        let signature = LastFMSignature.sign(items, secret: settings.secrets[settings.firstKey] ?? "")
        let query = items.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        #expect(try await bench.get("/2.0/?\(query)&api_sig=\(signature)").json["error"] == 4)
    }
}
