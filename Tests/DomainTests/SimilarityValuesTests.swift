import Domain
import Testing

@Suite struct SimilarityValuesTests {
    @Test(
        "Keys stand where they belong on the Camelot wheel",
        arguments: [
            ("C major", "8B"), ("A minor", "8A"), ("G major", "9B"), ("E minor", "9A"), ("F major", "7B"),
            ("B major", "1B"), ("F# major", "2B"), ("G# minor", "1A"), ("Db major", "3B"), ("E major", "12B"),
        ])
    func camelot(key: String, code: String) throws {
        let found = try #require(CamelotKey(key))
        #expect(found.code == code)
        #expect(CamelotKey(ordinal: found.ordinal) == found)
        #expect(CamelotKey("H dur") == nil && CamelotKey("") == nil && CamelotKey("C major minor") == nil)
    }

    @Test("Each of the 24 keys fits itself, two neighbours and its relative, and each of these fits it")
    func wheel() throws {
        let keys = (1...24).compactMap { CamelotKey(ordinal: $0) }
        #expect(Set(keys.map(\.code)).count == 24)
        for key in keys {
            #expect(keys.count { key.isCompatible(with: $0) } == 4)
            for other in keys { #expect(key.isCompatible(with: other) == other.isCompatible(with: key)) }
        }
        let (first, last) = (try #require(CamelotKey("B major")), try #require(CamelotKey("E major")))
        #expect(first.isCompatible(with: last), "1B and 12B are neighbours")
        #expect(CamelotKey(ordinal: 0) == nil && CamelotKey(ordinal: 25) == nil)
    }

    @Test("Half and double the tempo are no jump, and what has no tempo is infinitely far")
    func tempo() {
        #expect(TempoJump.percent(from: 120, to: 120) == 0)
        #expect(TempoJump.percent(from: 120, to: 60) == 0)
        #expect(TempoJump.percent(from: 80, to: 160) == 0)
        #expect(abs(TempoJump.percent(from: 100, to: 110) - 10) < 1e-9)
        #expect(abs(TempoJump.percent(from: 100, to: 55) - 10) < 1e-9)
        #expect(TempoJump.percent(from: 120, to: 0) == .infinity)
        #expect(TempoJump.percent(from: .nan, to: 120) == .infinity)
    }

    @Test("Traits are read from the tags that name them, and from nothing else")
    func traits() {
        func traits(_ edit: (inout TrackMetadata) -> Void) -> TrackTraits {
            var metadata = TrackMetadata()
            (metadata.title, metadata.album) = ("Alive and living", "Oliver's Delivery")
            edit(&metadata)
            return TrackTraits(metadata)
        }
        #expect(traits { _ in } == [])
        #expect(traits { $0.extra["itunesadvisory"] = ["1"] } == .explicit)
        #expect(traits { $0.extra["itunesadvisory"] = ["4"] } == .explicit)
        #expect(traits { $0.extra["itunesadvisory"] = ["2"] } == [])
        #expect(traits { $0.extra["releasetype"] = ["Album; Live"] } == .live)
        #expect(traits { $0.extra["releasetype"] = ["album", "live"] } == .live)
        for title in [
            "Song (Live in Lund)", "Song [LIVE]", "Song (Recorded Live)", "Song - Live", "Song - Live at Wembley",
            "Song - Live 1974",
        ] {
            #expect(traits { $0.title = title } == .live, "\(title)")
        }
        for title in ["Song (Liverpool Mix)", "Wings - Live and Let Die", "Live Forever", "Song - Alive", "Glenoelle"] {
            #expect(traits { $0.title = title } == [], "\(title)")
        }
        #expect(traits { $0.genres = ["Live"] } == .live)
        for title in ["Petit papa noël", "Petit Papa Noel", "Weihnachtslied", "X-Mas Time"] {
            #expect(traits { $0.title = title } == .christmas, "\(title)")
        }
        #expect(traits { $0.album = "XMAS (live)" } == [.live, .christmas])
        #expect(traits { $0.genres = ["Pop", "Christmas Music"] } == .christmas)
    }

    @Test("The shares of a distance are those of its blocks, and add up to one")
    func shares() throws {
        let zero = [Float](repeating: 0, count: FeatureBlock.totalDimensions)
        var start = 0
        for block in FeatureBlock.allCases {
            var other = zero
            other[start] = 3
            let shares = try #require(SoundShares(between: zero, and: other))
            let parts: [SoundAspect: Double] = [
                .timbre: shares.timbre, .rhythm: shares.rhythm, .tonality: shares.tonality, .loudness: shares.loudness,
            ]
            #expect(parts[block.aspect] == 1)
            start += block.dimensions
        }
        let mixed = try #require(SoundShares(between: zero, and: zero.indices.map { Float($0 % 7) - 3 }))
        #expect(abs(mixed.timbre + mixed.rhythm + mixed.tonality + mixed.loudness - 1) < 1e-12)
        #expect(SoundShares(between: zero, and: zero) == nil)
        #expect(SoundShares(between: [1, 0], and: [0, 1]) == nil)
        #expect(SoundShares(between: zero, and: zero.map { _ in .nan }) == nil)
    }
}
