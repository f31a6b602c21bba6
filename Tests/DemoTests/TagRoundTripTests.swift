import Foundation
import TestSupport
import Testing

@testable import Demo

/// What the tag writers write is read back by another program: ffprobe, of the same package as the encoder.
@Suite struct TagRoundTripTests {
    private struct Report: Decodable {
        struct Part: Decodable {
            let codec_type: String?
            let tags: [String: String]?
        }
        let streams: [Part]
        let format: Part

        func tag(_ names: String...) -> String? {
            let all = ([format] + streams).compactMap(\.tags).flatMap { $0.map { ($0.key.lowercased(), $0.value) } }
            return all.first { names.contains($0.0) }?.1
        }
    }

    private var searchPath: String { ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin" }

    private var tags: TrackTags {
        var tags = TrackTags()
        tags.title = "深い鐘 e\u{301} — \"Quoted\" = 100 %"
        tags.artists = ["AC/DH"]
        tags.album = "Ångström"
        tags.albumArtist = "Various Artists"
        tags.trackNumber = 7
        tags.trackTotal = 12
        tags.date = "1998-05-21"
        tags.genres = ["Ambient"]
        return tags
    }

    @Test("Tags and cover are read back, and the audio is whole", arguments: AudioFormat.allCases)
    func roundTrip(format: AudioFormat) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sillon-tags-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // a temporary folder
        let ffmpeg = try FFmpeg(searchPath: searchPath)
        var tags = tags
        let pixmap = folder.appendingPathComponent("cover.ppm")
        try Data(CoverDrawing(seed: 5).pixmap).write(to: pixmap)
        let picture = folder.appendingPathComponent("cover.png")
        try await ffmpeg.encode(pixmap, options: [], to: picture)
        tags.cover = TrackTags.Cover(mediaType: "image/png", bytes: Array(try Data(contentsOf: picture)))
        // An Ogg page holds 65,025 bytes at most, so this cover moves every page after it.
        #expect(try #require(tags.cover).bytes.count > 65_025)

        let spec = SongSpec(bpm: 120, key: MusicalKey(0, .major), timbre: .organ, seconds: 2)
        let job = DemoJob(
            spec: spec, tags: tags, format: format, scratch: folder.appendingPathComponent("job"),
            output: folder.appendingPathComponent("out.\(format.fileExtension)"))
        try await job.run(with: ffmpeg)

        let report = try JSONDecoder().decode(
            Report.self,
            from: Data(
                try Tool.run(
                    "ffprobe", ["-v", "error", "-show_format", "-show_streams", "-of", "json", job.output.path]
                ).utf8))
        #expect(report.tag("title") == tags.title)
        #expect(report.tag("artist") == "AC/DH")
        #expect(report.tag("album") == "Ångström")
        #expect(report.tag("album_artist", "albumartist") == "Various Artists")
        #expect(try #require(report.tag("track", "tracknumber")).hasPrefix("7"))
        #expect(report.tag("genre") == "Ambient")
        if format != .wav { #expect(report.streams.contains { $0.codec_type == "video" }, "the cover") }
        let complaints = try Tool.run("ffmpeg", ["-v", "error", "-nostdin", "-i", job.output.path, "-f", "null", "-"])
        #expect(complaints.isEmpty, "\(complaints)")
    }
}
