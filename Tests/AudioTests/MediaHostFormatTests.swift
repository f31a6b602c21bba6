import Domain
import Testing
import UseCases

@testable import Audio

/// Files encoded and tagged by ffmpeg, read through a real child.
@Suite struct MediaHostFormatTests {
    struct Format: Sendable, CustomTestStringConvertible {
        let name: String
        let codec: String
        var arguments: [String] = []
        /// Fields that ffmpeg cannot write into this format.
        var lacks: Set<String> = []
        var channels = 1
        var testDescription: String { name }
    }

    static let formats = [
        Format(name: "a.mp3", codec: "mp3"),
        Format(name: "v23.mp3", codec: "mp3", arguments: ["-id3v2_version", "3"]),
        Format(name: "a.mp2", codec: "mp2", arguments: ["-write_id3v2", "1"], lacks: ["all"]),
        Format(name: "a.flac", codec: "flac"),
        Format(name: "a.ogg", codec: "vorbis", arguments: ["-c:a", "libvorbis"]),
        Format(name: "flac.oga", codec: "flac", arguments: ["-c:a", "flac"]),
        Format(name: "a.opus", codec: "opus", arguments: ["-c:a", "libopus"]),
        Format(name: "a.spx", codec: "speex", arguments: ["-c:a", "libspeex", "-ar", "16000"]),
        // The sample entry of an AAC track says 2 whatever the stream has.
        Format(name: "a.m4a", codec: "aac", arguments: ["-ac", "2"], channels: 2),
        Format(name: "alac.m4a", codec: "alac", arguments: ["-c:a", "alac"]),
        Format(name: "a.wma", codec: "wma"),
        Format(name: "a.wav", codec: "wav", lacks: ["albumartist", "disc"]),
        Format(name: "a.aiff", codec: "aiff", arguments: ["-write_id3v2", "1"]),
        Format(name: "a.wv", codec: "wavpack"),
        Format(name: "a.tta", codec: "tta", lacks: ["all"]),
        Format(name: "a.aac", codec: "aac", lacks: ["all", "properties"]),
        Format(name: "a.mka", codec: "matroska", lacks: ["all", "properties"]),
        Format(name: "a.caf", codec: "caf", arguments: ["-c:a", "pcm_s16be"], lacks: ["all", "properties"]),
    ]

    @Test("Every format gives its tags and properties", arguments: formats)
    func everyFormat(_ format: Format) async throws {
        let lab = try MediaLab()
        let tags = [
            "title=Tïtle 1", "artist=Ärtist", "album=Albüm", "album_artist=Various", "track=3/12", "disc=1/2",
            "date=1997", "genre=Rock",
        ]
        let file = try lab.tone(format.name, format.arguments + tags.flatMap { ["-metadata", $0] })
        let reading = try await withPool { try await $0.readTags(of: file) }
        #expect(reading.properties.codec == format.codec)
        #expect(reading.facts.size == Int64(try lab.read(format.name).count))
        if !format.lacks.contains("properties") {
            #expect(reading.properties.channels == format.channels)
            #expect(abs((reading.properties.durationMs ?? 0) - 1000) < 100)
        }
        guard !format.lacks.contains("all") else { return }
        expectTags(reading.metadata, lacks: format.lacks)
    }

    private func expectTags(_ metadata: TrackMetadata, lacks: Set<String>) {
        #expect(metadata.title == "Tïtle 1")
        #expect(metadata.artists == ["Ärtist"])
        #expect(metadata.album == "Albüm")
        #expect(metadata.trackNumber == 3)
        #expect(metadata.trackTotal == 12)
        #expect(metadata.date == "1997")
        #expect(metadata.genres == ["Rock"])
        if !lacks.contains("albumartist") { #expect(metadata.albumArtists == ["Various"]) }
        if !lacks.contains("disc") {
            #expect(metadata.discNumber == 1)
            #expect(metadata.discTotal == 2)
        }
    }
}
