import Foundation

/// One file of the demo library: play, encode, tag, put in place.
struct DemoJob: Sendable {
    let spec: SongSpec
    let tags: TrackTags
    let format: AudioFormat
    /// A path of its own for what lies between; two files with extensions are made there.
    let scratch: URL
    let output: URL

    func run(with ffmpeg: FFmpeg) async throws {
        let wave = scratch.appendingPathExtension("input.wav")
        try Data(WaveFile.bytes(of: spec.samples())).write(to: wave)
        var encoded = wave
        if let options = format.encoderOptions {
            encoded = scratch.appendingPathExtension(format.fileExtension)
            try await ffmpeg.encode(wave, options: options, to: encoded)
        }
        let tagged = try format.tagged(Array(try Data(contentsOf: encoded)), with: tags)
        try Data(tagged).write(to: output, options: .atomic)
        for file in Set([wave, encoded]) { try FileManager.default.removeItem(at: file) }
    }

    func entry(in folder: URL) -> DemoManifest.Entry {
        DemoManifest.Entry(
            path: String(output.path.dropFirst(folder.path.count + 1)), title: tags.title, artists: tags.artists,
            album: tags.album, bpm: spec.bpm, key: spec.key.name, timbre: spec.timbre.rawValue, seconds: spec.seconds)
    }
}
