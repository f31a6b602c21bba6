import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

/// Questions to a library of a few sounds in a plane, by angle: what is near is known.
@Suite("Similarity over a real library")
struct SimilarityAnswersTests {
    private struct Library {
        let bench: CatalogueBench
        let similar: SimilarTracks

        init(_ engine: Engine) async throws {
            bench = try await CatalogueBench(engine)
            similar = SimilarTracks(catalogue: bench.catalogue, model: "acoustic-v1", dimension: 2)
        }

        /// Files by their name, which is the angle of their sound in degrees.
        func put(
            _ degrees: Int, artist: String = "A", mtime: Int64 = 1000, _ edit: (inout TrackMetadata) -> Void = { _ in }
        ) {
            let angle = Double(degrees) * .pi / 180
            bench.vectors["\(degrees)"] = [Float(Self.cosine(angle)), Float(Self.cosine(angle - .pi / 2))]
            bench.put("/music/\(degrees).flac", mtime: mtime, content: "\(degrees)") {
                ($0.title, $0.artists, $0.album) = ("t\(degrees)", [artist], "Album of \(artist)")
                edit(&$0)
            }
        }

        func id(_ degrees: Int) async throws -> Int64 {
            try #require(try await bench.track("/music/\(degrees).flac")?.id)
        }

        /// Angles of the answer, in its order.
        func angles(_ tracks: [SimilarTrack]) -> [Int] {
            tracks.compactMap { Int($0.track.path.display.dropFirst("/music/".count).dropLast(".flac".count)) }
        }

        func ask(
            _ plus: [SimilaritySeed], minus: [SimilaritySeed] = [], limit: Int = 10,
            _ edit: (inout SimilarQuestion) -> Void = { _ in }
        ) async throws -> [Int] {
            var target = SimilarityTarget(plus: plus)
            target.minus = minus
            var question = SimilarQuestion(target, limit: limit)
            edit(&question)
            return angles(try await similar.similar(question))
        }

        /// By its series, so that the test needs no C library; exact enough within a turn.
        private static func cosine(_ angle: Double) -> Double {
            (1...20).reduce((sum: 1.0, term: 1.0)) { state, number in
                let term = -state.term * angle * angle / Double((2 * number - 1) * 2 * number)
                return (state.sum + term, term)
            }.sum
        }
    }

    @Test(
        "Tracks, albums, artists and several of them are asked for, what is subtracted turns away",
        arguments: Engine.available)
    func seeds(engine: Engine) async throws {
        let library = try await Library(engine)
        for degrees in [0, 10, 25, 60, 100] { library.put(degrees, artist: degrees < 20 ? "Low" : "High") }
        try await library.bench.scan()
        let first = try await library.id(0)
        #expect(try await library.ask([.track(first)]) == [10, 25, 60, 100])
        let track = try await library.bench.catalogue.track(id: first)
        #expect(try await library.ask([.album(try #require(track.albumID))]) == [25, 60, 100])
        #expect(try await library.ask([.artist(try #require(track.artistIDs.first))]) == [25, 60, 100])
        let last = try await library.id(100)
        #expect(try await library.ask([.track(first), .track(last)]) == [60, 25, 10])
        #expect(try await library.ask([.track(try await library.id(25))], minus: [.track(first)]) == [60, 10, 100])
        #expect(try await library.ask([.track(first)], limit: 2) == [10, 25])
    }

    @Test("Filters and rules hold, and a hit says what moved it", arguments: Engine.available)
    func filters(engine: Engine) async throws {
        let library = try await Library(engine)
        library.put(0)
        library.put(5) { ($0.genres, $0.date) = (["Rock"], "1990") }
        library.put(6) { ($0.genres, $0.date, $0.title) = (["Jazz"], "2001", "t (Live)") }
        library.put(7, artist: "B") { ($0.genres, $0.date) = (["Rock", "Jazz"], "2010") }
        library.bench.music = [
            "0": (120, "C major"), "5": (60, "G major"), "6": (90, "C major"), "7": (125, "F# major"),
        ]
        try await library.bench.scan()
        let seed = [SimilaritySeed.track(try await library.id(0))]
        #expect(try await library.ask(seed) { $0.filter.genres = ["JAZZ"] } == [6, 7])
        #expect(try await library.ask(seed) { $0.filter.yearFrom = 2001 } == [6, 7])
        #expect(try await library.ask(seed) { ($0.filter.yearFrom, $0.filter.yearTo) = (1990, 2001) } == [5, 6])
        #expect(try await library.ask(seed) { $0.filter.excluded = .live } == [5, 7])
        #expect(try await library.ask(seed) { $0.filter.folder = FilePath("/music/none") } == [])
        #expect(try await library.ask(seed) { $0.rules.maxTempoJump = 5 } == [5, 7])
        #expect(try await library.ask(seed) { $0.rules.keys = .compatible } == [5, 6])
        #expect(try await library.ask(seed) { $0.rules.maxPerArtist = 1 } == [5, 7])
        let other = try #require(try await library.bench.track("/music/7.flac")?.artistIDs.first)
        #expect(try await library.ask(seed) { $0.filter.notArtistIDs = [other] } == [5, 6])
        var question = SimilarQuestion(SimilarityTarget(plus: seed), limit: 9)
        question.rules.artistGap = 1
        let spaced = try await library.similar.similar(question)
        #expect(library.angles(spaced) == [5, 7, 6])
        #expect(spaced.map(\.why.movedBy) == [nil, nil, .artistGap] && spaced.map(\.why.rank) == [1, 3, 2])
        #expect(spaced.allSatisfy { $0.score > 0.99 && $0.score <= 1 })
        await #expect(throws: SimilarityProblem.senseless("no track has the genre \"Polka\"")) {
            _ = try await library.ask(seed) { $0.filter.genres = ["Rock", "Polka"] }
        }
    }

    @Test("The same recording is left out, unless it is asked for", arguments: Engine.available)
    func duplicates(engine: Engine) async throws {
        let library = try await Library(engine)
        library.put(0)
        library.put(1) { $0.title = "T0" }
        library.put(2)
        library.bench.put("/music/22.flac", content: "2") { $0.title = "copied and renamed" }
        try await library.bench.scan()
        let seed = [SimilaritySeed.track(try await library.id(0))]
        #expect(try await library.ask(seed) == [2])
        #expect(try await library.ask(seed) { $0.rules.duplicates = .keep } == [1, 2, 22])
    }

    @Test("A retag by another process is in the next answer", arguments: Engine.available)
    func follows(engine: Engine) async throws {
        let library = try await Library(engine)
        for degrees in [0, 5, 9] { library.put(degrees) }
        try await library.bench.scan()
        let seed = [SimilaritySeed.track(try await library.id(0))]
        #expect(try await library.ask(seed) { $0.filter.excluded = .christmas } == [5, 9])
        library.put(5, mtime: 9999) { $0.genres = ["Christmas"] }
        try await library.bench.scan()
        #expect(try await library.ask(seed) { $0.filter.excluded = .christmas } == [9])
    }

    @Test("What cannot be answered says why: unknown, not heard, contradictory", arguments: Engine.available)
    func problems(engine: Engine) async throws {
        let library = try await Library(engine)
        for degrees in [0, 180] { library.put(degrees) }
        try await library.bench.scan()
        library.put(50, artist: "New")
        try await library.bench.scan(until: .index)
        library.bench.put("/music/silent.flac", content: "silence")
        try await library.bench.scan("/music", until: .vector)
        let (zero, opposite) = (try await library.id(0), try await library.id(180))
        await #expect(throws: StoreError.notFound("there is no track 999")) { _ = try await library.ask([.track(999)]) }
        await #expect(throws: StoreError.notFound("there is no album 999")) { _ = try await library.ask([.album(999)]) }
        await #expect(throws: StoreError.notFound("there is no artist 999")) {
            _ = try await library.ask([.artist(999)])
        }
        let silent = try #require(try await library.bench.track("/music/silent.flac")?.id)
        let unheard = SimilarityProblem.notHeard("track \(silent) has no vector: its audio is silent", nil)
        await #expect(throws: unheard) { _ = try await library.ask([.track(silent)]) }
        await #expect(throws: SimilarityProblem.self) { _ = try await library.ask([.track(zero), .track(opposite)]) }
        await #expect(throws: SimilarityProblem.self) {
            _ = try await library.ask([.track(zero)], minus: [.track(zero)])
        }
        await #expect(throws: SimilarityProblem.self) {
            _ = try await library.similar.path(PathQuestion(from: zero, to: zero, length: 5))
        }
    }

    @Test("A path goes round in order, a radio goes on where its text says", arguments: Engine.available)
    func flows(engine: Engine) async throws {
        let library = try await Library(engine)
        for degrees in stride(from: 0, through: 90, by: 5) { library.put(degrees, artist: "A\(degrees % 20)") }
        try await library.bench.scan()
        let (start, end) = (try await library.id(0), try await library.id(90))
        let path = try await library.similar.path(PathQuestion(from: start, to: end, length: 10))
        let angles = library.angles(path)
        #expect(angles.count == 10 && angles.first == 0 && angles.last == 90 && angles == angles.sorted())
        #expect(path.first?.step == nil && path.dropFirst().allSatisfy { ($0.step ?? 0) > 0.95 })
        #expect(path.map(\.score) == path.map(\.score).sorted(by: >), "to the first track")

        let target = SimilarityTarget(plus: [.track(start)])
        func radio(_ place: RadioPlace, _ limit: Int) async throws -> RadioStretch {
            try await library.similar.radio(RadioQuestion(target, place: place, limit: limit))
        }
        let whole = try await radio(RadioPlace(seed: 5), 40)
        #expect(whole.items.count == 40 && whole.seed == 5)
        var (paged, place): ([Int], RadioPlace) = ([], RadioPlace(seed: 5))
        while paged.count < 40 {
            let page = try await radio(place, 8)
            paged += library.angles(page.items)
            let text = try #require(page.next?.text)
            place = try #require(RadioPlace(text: text))
        }
        #expect(paged == library.angles(whole.items))
    }

    @Test(
        "A text that no radio answered is no place",
        arguments: [
            "", "0", "00", "zz", "020000", "0100", "01ffffffffffffffffffff0100", "0180", "0100008080808080808080808001",
        ])
    func places(text: String) {
        #expect(RadioPlace(text: text) == nil)
    }
}
