import Foundation

@testable import Demo

/// Real encoded music, made once for all tests and copied from then on.
enum SongShelf {
    /// Encoded audio without tags, and what it is.
    struct Song: Sendable {
        let name: String
        let format: AudioFormat
        let spec: SongSpec
        let audio: [UInt8]

        var fileName: String { "\(name).\(format.fileExtension)" }

        /// The bytes of a file with these tags.
        func tagged(_ change: (inout TrackTags) -> Void = { _ in }) throws -> [UInt8] {
            var tags = TrackTags()
            tags.title = name
            tags.artists = ["Marled Field"]
            tags.album = "Shelf"
            tags.albumArtist = "Marled Field"
            tags.date = "1998"
            tags.genres = ["Folk"]
            change(&tags)
            return try format.tagged(audio, with: tags)
        }
    }

    /// Eight songs in seven containers, six seconds each.
    static func songs() async throws -> [Song] {
        try await making.value
    }

    // Every caller awaits the one task that makes them.
    private static let making = Task { try await make() }

    private static let plan: [(String, AudioFormat, Double, Int, MusicalKey.Mode, Timbre, DrumStyle)] = [
        ("Amble", .mp3, 92, 7, .major, .strings, .none),
        ("Bracken", .flac, 120, 2, .major, .strings, .brushes),
        ("Cinder", .ogg, 124, 9, .minor, .synth, .club),
        ("Dusk", .opus, 128, 5, .minor, .synth, .club),
        ("Ember", .m4a, 70, 4, .major, .pads, .none),
        ("Fathom", .oldMP3, 64, 6, .minor, .pads, .none),
        ("Glint", .wav, 152, 10, .major, .keys, .rock),
        ("Hollow", .aiff, 72, 1, .major, .bells, .none),
    ]

    private static let songSeconds = 6.0

    private static func make() async throws -> [Song] {
        let scratch = NSTemporaryDirectory() + "sillon-shelf-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        defer { remove(scratch) }
        let ffmpeg = try FFmpeg(searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")
        var songs: [Song] = []
        for (name, format, bpm, tonic, mode, timbre, drums) in plan {
            let spec = SongSpec(
                bpm: bpm, key: MusicalKey(tonic, mode), timbre: timbre, drums: drums, seconds: songSeconds)
            let wave = WaveFile.bytes(of: spec.samples())
            guard let options = format.encoderOptions else {
                songs.append(Song(name: name, format: format, spec: spec, audio: wave))
                continue
            }
            let input = URL(filePath: "\(scratch)/\(name).wav")
            let output = URL(filePath: "\(scratch)/\(name).encoded.\(format.fileExtension)")
            try Data(wave).write(to: input)
            try await ffmpeg.encode(input, options: options, to: output)
            songs.append(Song(name: name, format: format, spec: spec, audio: Array(try Data(contentsOf: output))))
        }
        return songs
    }

    private static func remove(_ folder: String) {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            print("the scratch folder stays behind: \(error)")
        }
    }
}
