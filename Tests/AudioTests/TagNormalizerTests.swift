import Domain
import Testing

@testable import Audio

@Suite struct TagNormalizerTests {
    private func metadata(_ fields: [(RawTags.Source, String, String)]) -> TrackMetadata {
        var tags = RawTags()
        tags.fields = fields.map { RawTags.Field(source: $0.0, name: $0.1, value: $0.2) }
        return TagNormalizer.metadata(of: tags)
    }

    @Test("The better tag wins field by field, in whatever order the tags come")
    func precedence() {
        let fields: [(RawTags.Source, String, String)] = [
            (.id3v1, "TITLE", "cut off"), (.id3v2, "TIT2", "Whole title"), (.ape, "Title", "APE"),
            (.ape, "Album", "APE album"), (.id3v1, "ALBUM", "v1 album"), (.id3v1, "COMMENT", "c"),
        ]
        for order in [fields, fields.reversed()] {
            let found = metadata(order)
            #expect(found.title == "Whole title")
            #expect(found.album == "APE album")
            #expect(found.extra == ["comment": ["c"]])
        }
    }

    @Test("An empty field of a better tag hides nothing")
    func emptyHidesNothing() {
        #expect(metadata([(.id3v2, "TIT2", " \0"), (.ape, "Title", "T")]).title == "T")
    }

    @Test("A credit is kept only where it says more than the list of artists")
    func credit() {
        let both = metadata([(.xiph, "ARTIST", "A feat. B"), (.xiph, "ARTISTS", "A"), (.xiph, "ARTISTS", "B")])
        #expect(both.artists == ["A", "B"])
        #expect(both.artistCredit == "A feat. B")
        let same = metadata([(.xiph, "ARTIST", "A"), (.xiph, "ARTISTS", "A")])
        #expect(same.artists == ["A"])
        #expect(same.artistCredit == nil)
        let alone = metadata([(.xiph, "ARTIST", "A feat. B")])
        #expect(alone.artists == ["A feat. B"])
        #expect(alone.artistCredit == nil)
    }

    @Test("ReplayGain, then R128, then RVA2")
    func gains() {
        let all: [(RawTags.Source, String, String)] = [
            (.xiph, "REPLAYGAIN_TRACK_GAIN", "-1 dB"), (.xiph, "R128_TRACK_GAIN", "256"),
            (.id3v2, "RVA2-GAIN:track", "2"),
        ]
        #expect(metadata(all).replayGain.trackGainDb == -1)
        #expect(metadata(Array(all[1...])).replayGain.trackGainDb == 6)
        #expect(metadata(Array(all[2...])).replayGain.trackGainDb == 2)
        #expect(metadata([(.xiph, "R128_TRACK_GAIN", "99999")]).replayGain.trackGainDb == nil)
    }

    @Test("The original year stands in for the original date")
    func originalYear() {
        #expect(metadata([(.ape, "ORIGINALYEAR", "1990")]).originalDate == "1990")
        let both = metadata([(.xiph, "ORIGINALYEAR", "1990"), (.xiph, "ORIGINALDATE", "1990-03-01")])
        #expect(both.originalDate == "1990-03-01")
    }

    @Test("Twice the same value is one value, and their number is bounded")
    func doubles() {
        #expect(metadata([(.xiph, "GENRE", "Rock"), (.xiph, "genre", "Rock")]).genres == ["Rock"])
        let many = metadata((0..<4096).map { (.xiph, "composer", "C\($0)") })
        #expect(many.extra["composer"]?.count == 256)
    }

    @Test("Absurd properties are absent")
    func properties() {
        var tags = RawTags()
        tags.codec = "mp3"
        tags.durationMs = -2_147_483_648
        tags.channels = -14_848
        tags.sampleRate = -1_560_279_295
        tags.bitrateKbps = .max
        tags.bitsPerSample = .min
        #expect(PropertyRules.properties(of: tags) == AudioProperties(codec: "mp3"))
    }

    @Test("A packed reading that is cut anywhere, or lies, is refused without a crash")
    func packedForm() throws {
        var packed: [UInt8] = []
        packed.append(number: Int64(1000))
        for number: Int32 in [128, 44100, 2, 16] { packed.append(number: number) }
        packed += [3] + Array("mp3".utf8)
        packed.append(number: UInt32(1))
        packed += [RawTags.Source.xiph.rawValue, 5] + Array("TITLE".utf8)
        packed.append(number: UInt32(2))
        packed += Array("Hi".utf8) + [0]
        packed.append(number: UInt32(2))
        packed += Array("BM".utf8)
        let whole = try #require(packed.withUnsafeBytes { RawTags(packed: $0) })
        #expect(whole.fields.map(\.value) == ["Hi"])
        #expect(whole.coverData == Array("BM".utf8))
        for count in 0..<packed.count {
            #expect(packed[..<count].withUnsafeBytes { RawTags(packed: $0) } == nil)
        }
        for index in packed.indices {
            var lie = packed
            lie[index] = 0xFF
            _ = lie.withUnsafeBytes { RawTags(packed: $0) }
        }
    }
}
