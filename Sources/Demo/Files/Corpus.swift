import Foundation

/// Many small tagged files for measurements: real audio of half a second, encoded once a format, with tags that differ
/// from file to file. Ten tracks an album, folders as in a real library.
package struct Corpus: Sendable {
    private let files: Int
    private let seed: UInt64
    private let ffmpeg: FFmpeg
    private let slots: Int

    package init(files: Int, seed: UInt64 = 1, searchPath: String, slots: Int) throws(DemoError) {
        self.files = min(max(files, 1), Corpus.maxFiles)
        self.seed = seed
        self.slots = max(1, slots)
        ffmpeg = try FFmpeg(searchPath: searchPath)
    }

    package static let maxFiles = 2_000_000
    private static let tracksPerAlbum = 10
    private static let albumsPerArtist = 4
    private static let clipSeconds = 1.0
    /// An MP3 of either tag version is as common as all the others together.
    private static let formats: [AudioFormat] = [.mp3, .flac, .oldMP3, .m4a, .mp3, .ogg, .oldMP3, .opus]

    /// Writes the files; those of an earlier run with the same numbers are overwritten with the same bytes.
    package func write(to folder: URL) async throws {
        let scratch = folder.appendingPathComponent(".making")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }  // left-overs are hidden and harmless
        let clips = try await encodeClips(in: scratch)
        let albums = (files + Self.tracksPerAlbum - 1) / Self.tracksPerAlbum
        try await withThrowingTaskGroup(of: Void.self) { group in
            for slot in 0..<slots {
                group.addTask {
                    for album in stride(from: slot, to: albums, by: slots) {
                        try writeAlbum(album, clips: clips, to: folder)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func encodeClips(in scratch: URL) async throws -> [AudioFormat: [UInt8]] {
        let spec = SongSpec(
            bpm: 120, key: MusicalKey(0, .major), timbre: .organ, drums: .rock, seconds: Self.clipSeconds, seed: seed)
        let wave = scratch.appendingPathComponent("clip.wav")
        try Data(WaveFile.bytes(of: spec.samples())).write(to: wave)
        var clips: [AudioFormat: [UInt8]] = [:]
        for format in Set(Self.formats) {
            guard let options = format.encoderOptions else { continue }
            let file = scratch.appendingPathComponent("\(format.rawValue).\(format.fileExtension)")
            // Mono at a low rate: small files, and everything a reader of tags looks at is there.
            try await ffmpeg.encode(wave, options: ["-ac", "1"] + options, to: file)
            clips[format] = Array(try Data(contentsOf: file))
        }
        return clips
    }

    private func writeAlbum(_ album: Int, clips: [AudioFormat: [UInt8]], to folder: URL) throws {
        var random = SeededRandom(seed: seed &+ UInt64(album) &* 7919)
        let names = CorpusNames(album: album, artist: album / Self.albumsPerArtist, random: &random)
        let albumFolder = folder.appendingPathComponent("\(names.artist)/\(names.album)")
        try FileManager.default.createDirectory(at: albumFolder, withIntermediateDirectories: true)
        let format = Self.formats[album % Self.formats.count]
        guard let clip = clips[format] else { return }
        let first = album * Self.tracksPerAlbum
        for number in 1...min(Self.tracksPerAlbum, files - first) {
            let tags = names.tags(number: number, of: Self.tracksPerAlbum, random: &random)
            let name = (number < 10 ? "0" : "") + "\(number) \(tags.title).\(format.fileExtension)"
            try Data(format.tagged(clip, with: tags)).write(to: albumFolder.appendingPathComponent(name))
        }
    }
}
