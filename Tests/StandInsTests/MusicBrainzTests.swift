import Testing

@testable import StandIns

@Suite struct MusicBrainzTests {
    private let agent = ["user-agent": "Sillon/1.0 ( https://example.org )"]

    private func bench(perSecond: Double = 1_000) -> Bench<MusicBrainzService> {
        var settings = MusicBrainzSettings()
        settings.perSecond = perSecond
        return Bench(
            service: MusicBrainzService(
                settings, store: CatalogueStore(), surroundings: Bench<MusicBrainzService>.surroundings))
    }

    private func titles(_ query: String, _ entity: String = "recording") async throws -> [String] {
        let reply = await bench().get("/ws/2/\(entity)?fmt=json&query=\(Parameters.encoded(query))", headers: agent)
        return try (reply.json["\(entity)s"]?.array ?? []).compactMap { $0["title"]?.string ?? $0["name"]?.string }
    }

    @Test("Fields, phrases, AND, NOT, groups and ranges choose what they name")
    func queries() async throws {
        #expect(try await titles(#"recording:"Larks Over Clay" AND artist:"Marled Field""#) == ["Larks Over Clay"])
        #expect(try await titles(#"artist:"Kestrel Vane" AND dur:[30000 TO *] AND tnum:3"#) == ["Orvane"])
        #expect(try await titles(#"release:"furrow lines" AND NOT recording:(larks OR hedgerow)"#).count == 3)
        #expect(try await titles(#"recording:"voltage \(slow version\)""#) == ["Voltage (Slow Version)"])
        #expect(try await titles("date:2011", "release") == ["Night Bus to Orvane"])
        #expect(try await titles("date:[2018-01 TO 2019] AND tracks:5", "release") == ["Petites machines à écouter"])
        #expect(try await titles("petites machines", "release").first == "Petites machines à écouter")
    }

    @Test("The best has 100, and the rest less")
    func scores() async throws {
        let reply = await bench().get(
            "/ws/2/recording?fmt=json&query=recording:silt%20OR%20artist:field", headers: agent)
        let scores = try (reply.json["recordings"]?.array ?? []).compactMap { $0["score"]?.int }
        #expect(scores.first == 100)
        #expect(scores.last ?? 100 < 100)
        #expect(scores == scores.sorted(by: >))
    }

    @Test("The journal tells how many requests came within any ten seconds")
    func busiest() {
        let journal = Journal()
        for time in [0, 4, 9.9, 10, 13, 40] as [Double] {
            _ = journal.begin(Request(method: "GET", target: "/"), now: time)
        }
        #expect(journal.most(within: 10) == 4)
        #expect(journal.most(within: 1) == 2)
        #expect(Journal().most(within: 10) == 0)
    }

    @Test("What is over the rate is refused, also for what came before it was refused")
    func pace() {
        var pace = RequestPace(perSecond: 1, seconds: 5)
        #expect((0..<60).map { pace.take(now: Double($0)) }.allSatisfy { $0 })
        // Twice as fast is refused after a while, and stays so while it goes on.
        let taken = (0..<40).map { pace.take(now: 100 + Double($0) / 2) }
        #expect(taken.prefix(5).allSatisfy { $0 })
        #expect(taken.suffix(20).allSatisfy { !$0 })
        let isForgiven = pace.take(now: 130)
        #expect(isForgiven)
    }

    @Test(
        "Only agents with a name, a version and a contact are served",
        arguments: [
            ("Sillon/1.0 ( https://example.org )", true), ("Sillon/1.0 (mail@example.org)", true),
            ("Sillon/1.0", false),
            ("curl/8.5.0", false), ("Mozilla/5.0 (X11)", false), ("", false),
        ])
    func agents(agent: String, isServed: Bool) {
        #expect(MusicBrainzService.isIdentified(agent) == isServed)
    }

    @Test("Errors have their statuses, and a help")
    func errors() async throws {
        let bench = bench()
        for (target, status) in [
            ("/ws/2/recording/x?fmt=json", 400), ("/ws/2/recording?fmt=json&query=%20", 400),
            ("/ws/2/recording?fmt=json&query=a:(b", 400), ("/ws/2/release/x?fmt=yaml", 406), ("/ws/2/song/x", 404),
            ("/ws/2/artist/00000000-0000-4000-8000-000000000000?fmt=json", 404),
            ("/ws/2/recording/00000000-0000-4000-8000-000000000000?inc=labels&fmt=json", 400),
        ] {
            let reply = await bench.get(target, headers: agent)
            #expect(reply.status == status, "\(target)")
        }
        #expect(try await bench.get("/ws/2/isrc/x?fmt=json", headers: agent).json["help"] != nil)
        #expect(await bench.send("/ws/2/artist?fmt=json", headers: agent).status == 405)
    }

    @Test("A page out of range has 25, and a merged release sends on")
    func pages() async throws {
        let reply = await bench().get("/ws/2/recording?fmt=json&limit=101&query=type:album", headers: agent)
        #expect(try reply.json["recordings"]?.array?.count == 25)
        let release = try #require(Catalogue.demo.releases.first)
        let old = Digest.uuid(of: "merged", release.id)
        let moved = await bench().get("/ws/2/release/\(old)?fmt=json", headers: agent)
        #expect(moved.status == 301)
        #expect(moved.header("Location") == "/ws/2/release/\(release.id)?fmt=json")
    }
}
