import Domain
import Testing

@Suite struct TrackTextTests {
    private var metadata: TrackMetadata {
        var metadata = TrackMetadata()
        metadata.title = "First  Light\non Stubble"
        metadata.artists = ["Marled Field", "Guest"]
        metadata.album = "Furrow Lines"
        metadata.genres = ["Jazz", "Piano"]
        metadata.date = "1998-05"
        return metadata
    }

    private var analysis: AudioAnalysis {
        var analysis = AudioAnalysis(
            contentKey: "k", version: "ear-3", status: .complete, durationMs: 1, sampleRate: 1, channels: 1)
        analysis.tempoBpm = 72
        analysis.tempoConfidence = 0.5
        analysis.key = "A minor"
        analysis.keyConfidence = 0.9
        analysis.details = AudioDetails()
        analysis.details?.mood = AudioDetails.Mood()
        analysis.details?.mood?.calm = 0.8
        analysis.details?.mood?.bright = 0.59
        return analysis
    }

    @Test("Tags and what was heard become a few lines")
    func lines() {
        #expect(
            TrackText.describe(metadata, analysis) == """
                Title: First Light on Stubble
                Artist: Marled Field, Guest
                Album: Furrow Lines
                Genres: Jazz, Piano
                Year: 1998
                Sound: calm, slow, minor key
                """)
    }

    @Test("What is not known is left out, and of nothing there is no text")
    func absent() {
        var tags = TrackMetadata()
        #expect(TrackText.describe(tags, nil) == nil)
        tags.title = " \u{0} "
        #expect(TrackText.describe(tags, nil) == nil)
        tags.title = "A"
        #expect(TrackText.describe(tags, nil) == "Title: A")
    }

    @Test("Numbers that are not sure are no words")
    func unsure() {
        var analysis = analysis
        analysis.tempoConfidence = 0.1
        analysis.keyConfidence = nil
        analysis.details = nil
        #expect(TrackText.describe(TrackMetadata(), analysis) == nil)
    }

    @Test("However long the tags are, the text is short", arguments: ["x", "ü ", "👩‍👩‍👧‍👦", "e\u{301}"])
    func bounded(unit: String) throws {
        var tags = TrackMetadata()
        let long = String(repeating: unit, count: 10_000)
        (tags.title, tags.album, tags.artists) = (long, long, [long])
        tags.genres = (0..<1000).map { "\(long)\($0)" }
        let text = try #require(TrackText.describe(tags, nil))
        #expect(text.utf8.count <= 1200)
        #expect(text.hasPrefix("Title: \(unit.first.map(String.init) ?? "")"))
    }
}
