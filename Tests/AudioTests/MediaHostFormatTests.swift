import Domain
import TestSupport
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
        Format(name: "a.aac", codec: "aac", lacks: ["all"]),
        Format(name: "id3.aac", codec: "aac", arguments: ["-write_id3v2", "1"]),
        // From here on, what TagLib does not read.
        Format(name: "a.mka", codec: "vorbis", arguments: ["-c:a", "libvorbis"]),
        Format(name: "a.webm", codec: "opus", arguments: ["-c:a", "libopus"]),
        Format(name: "a.caf", codec: "caf", arguments: ["-c:a", "pcm_s16be"]),
        Format(name: "a.ac3", codec: "ac3", lacks: ["all"]),
        Format(name: "a.au", codec: "au", arguments: ["-c:a", "pcm_s16be"], lacks: ["all"]),
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

    @Test("A DSF file gives its tags, its cover and its length")
    func dsf() async throws {
        let lab = try MediaLab()
        try lab.write("a.dsf", HostileFiles.dsf(blocks: 87))
        try lab.mutagen(
            "a.dsf",
            """
            use("dsf"); use("id3")
            f = DSF(FILE); f.add_tags()
            f.tags.add(TIT2(text=["Tïtle 1"])); f.tags.add(TPE1(text=["Ärtist"])); f.tags.add(TALB(text=["Albüm"]))
            f.tags.add(TPE2(text=["Various"])); f.tags.add(TRCK(text=["3/12"])); f.tags.add(TPOS(text=["1/2"]))
            f.tags.add(TDRC(text=["1997"])); f.tags.add(TCON(text=["Rock"]))
            f.tags.add(APIC(mime="image/png", type=3, data=b"\\x89PNG\\r\\n\\x1a\\n" + bytes(60)))
            f.save()
            """)
        let reading = try await withPool { try await $0.readTags(of: lab.file("a.dsf")) }
        expectTags(reading.metadata, lacks: [])
        #expect(reading.properties.codec == "dsd")
        #expect(reading.properties.channels == 2)
        #expect(abs((reading.properties.durationMs ?? 0) - 1000) < 100)
        #expect(reading.cover?.mediaType == "image/png")
    }

    @Test("Levels of Matroska's tags are told apart")
    func matroskaLevels() {
        var tags = RawTags()
        let pairs = [
            ("ALBUM/TITLE", "Album"), ("ALBUM/ARTIST", "Various"), ("TRACK/TITLE", "Song"), ("TRACK/ARTIST", "Artist"),
            ("TRACK/PART_NUMBER", "3"), ("ALBUM/TOTAL_PARTS", "12"), ("ALBUM/DATE_RELEASED", "1997-05"),
            ("ENCODER", "x"), ("DURATION", "00:00:20.003000000"),
        ]
        tags.fields = pairs.map { RawTags.Field(source: .container, name: $0, value: $1) }
        let metadata = TagNormalizer.metadata(of: tags)
        #expect(metadata.title == "Song")
        #expect(metadata.artists == ["Artist"])
        #expect(metadata.album == "Album")
        #expect(metadata.albumArtists == ["Various"])
        #expect(metadata.trackNumber == 3)
        #expect(metadata.trackTotal == 12)
        #expect(metadata.date == "1997-05")
        #expect(metadata.extra.isEmpty)
    }

    @Test("A file that was cut off gives what is in front of the cut", arguments: ["wav", "aiff"])
    func cutOff(type: String) async throws {
        let lab = try MediaLab()
        try lab.tone("a.\(type)", ["-metadata", "title=Front"], seconds: 5)
        let whole = try lab.read("a.\(type)")
        let file = try lab.write("half.\(type)", Array(whole.prefix(whole.count / 2)))
        let reading = try await withPool { try await $0.readTags(of: file) }
        #expect(reading.metadata.title == "Front")
        #expect(reading.properties.codec == type)
        #expect(reading.properties.channels == 1)
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
