import Testing

@testable import StandIns

@Suite struct ListenBrainzTests {
    private let settings = ListenBrainzSettings()
    private let bench = Bench(
        service: ListenBrainzService(
            store: CatalogueStore(), surroundings: Bench<ListenBrainzService>.surroundings))
    private static let now = Bench<ListenBrainzService>.now

    private func problem(
        _ info: String = "{}", kind: String = "single", at: String? = "\(now)", count: Int = 1, padding: Int = 0
    ) -> Int? {
        let time = at.map { #""listened_at":\#($0),"# } ?? ""
        let listen =
            #"{\#(time)"track_metadata":{"artist_name":"A","track_name":"T","additional_info":\#(info)}}"#
        let list = [String](repeating: listen, count: count).joined(separator: ",")
        let spaces = String(repeating: " ", count: padding)
        let body = #"{"listen_type":"\#(kind)","payload":[\#(list)]}\#(spaces)"#
        do throws(ListenBrainzError) {
            _ = try ListenSubmission(Array(body.utf8), now: Self.now)
            return nil
        } catch {
            return error.status
        }
    }

    @Test("Listens are taken from 2002 until an hour from now, as whole seconds")
    func times() {
        #expect(problem(at: "1033410600") == nil)
        #expect(problem(at: "1033410599") == 400)
        #expect(problem(at: "\(Self.now + 3599)") == nil)
        #expect(problem(at: "\(Self.now + 3600)") == 400)
        #expect(problem(at: "1700000000.5") == 400)
        #expect(problem(at: #""1700000000""#) == 400)
        #expect(problem(at: nil) == 400)
    }

    @Test("What plays now has no time, and comes alone")
    func playingNow() {
        #expect(problem(kind: "playing_now", at: nil) == nil)
        #expect(problem(kind: "playing_now") == 400)
        #expect(problem(kind: "playing_now", at: nil, count: 2) == 400)
        #expect(problem(kind: "single", count: 2) == 400)
        #expect(problem(kind: "import", count: 2) == nil)
        #expect(problem(kind: "scrobble") == 400)
    }

    @Test("A request has at most 1000 listens, and 10240 bytes for each")
    func sizes() {
        #expect(problem(kind: "import", count: 1000) == nil)
        #expect(problem(kind: "import", count: 1001) == 400)
        #expect(problem(padding: 10_000) == nil)
        #expect(problem(padding: 10_240) == 400)
    }

    @Test(
        "Further facts are checked",
        arguments: [
            #"{"recording_mbid":"x"}"#, #"{"artist_mbids":["x"]}"#, #"{"duration":1,"duration_ms":1}"#,
            #"{"duration_ms":2073600001}"#, #"{"tags":["\#(String(repeating: "t", count: 65))"]}"#,
            #"{"tags":[\#([String](repeating: #""t""#, count: 51).joined(separator: ","))]}"#,
            #"{"note":"a\u0000b"}"#,
        ])
    func badFacts(info: String) {
        #expect(problem(info) == 400)
    }

    @Test("An empty id is dropped, not refused")
    func emptyID() {
        #expect(problem(#"{"recording_mbid":"","artist_mbids":[""],"duration_ms":1}"#) == nil)
    }

    @Test("Every answer carries the window, and the request over its limit is refused")
    func window() async throws {
        let headers = ["authorization": "Token \(settings.firstToken)"]
        for left in (0..<settings.perToken).reversed() {
            let reply = await bench.get("/1/user/demo/listen-count", headers: headers)
            #expect(reply.status == 200)
            #expect(reply.header("X-RateLimit-Remaining") == "\(left)")
        }
        let refused = await bench.get("/1/user/demo/listen-count", headers: headers)
        #expect(refused.status == 429)
        #expect(refused.header("Retry-After") == nil)
        #expect(refused.header("X-RateLimit-Reset-In") == "10")
        #expect(try refused.json["code"] == 429)
        // Another caller has a window of its own.
        #expect(await bench.get("/1/user/demo/listen-count").status == 200)
    }

    @Test("The same listens sent again are kept once")
    func repeated() async throws {
        let body =
            #"{"listen_type":"import","payload":[{"listened_at":1700000000,"#
            + #""track_metadata":{"artist_name":"A","track_name":"T"}}]}"#
        let headers = ["authorization": "Token \(settings.firstToken)"]
        for _ in 1...2 { #expect(await bench.send("/1/submit-listens", headers: headers, body).status == 200) }
        #expect(bench.service.listens().count == 1)
        #expect(await bench.send("/1/submit-listens", body).status == 401)
    }
}
