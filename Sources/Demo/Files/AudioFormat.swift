/// The formats that the demo library and the corpus are written in.
package enum AudioFormat: String, Hashable, Sendable, CaseIterable {
    case mp3, flac, ogg, opus, m4a, wav, aiff
    /// MP3 with an ID3v2.3 tag, as older software writes it.
    case oldMP3 = "mp3-v2.3"

    package var fileExtension: String { self == .oldMP3 ? "mp3" : rawValue }

    /// ffmpeg's options for a good quality at a small size; nil when our own WAV is the file.
    var encoderOptions: [String]? {
        switch self {
        case .mp3, .oldMP3:
            // No ID3 tag of ffmpeg's own: ours stands at the front.
            ["-c:a", "libmp3lame", "-q:a", "4", "-id3v2_version", "0", "-write_id3v1", "0"]
        case .flac: ["-c:a", "flac", "-compression_level", "5"]
        case .ogg: ["-c:a", "libvorbis", "-q:a", "4", "-f", "ogg"]
        case .opus: ["-c:a", "libopus", "-b:a", "96k", "-f", "opus"]
        case .m4a: ["-c:a", "aac", "-b:a", "128k", "-f", "ipod"]
        case .aiff: ["-c:a", "pcm_s16be", "-f", "aiff"]
        case .wav: nil
        }
    }

    /// The encoded file with these tags in place of any that it has.
    package func tagged(_ file: [UInt8], with tags: TrackTags) throws(TagProblem) -> [UInt8] {
        switch self {
        case .mp3: ID3Tag(tags, version: .four).bytes + file
        case .oldMP3: ID3Tag(tags, version: .three).bytes + file
        case .flac: try FLACTagger.tagged(file, with: tags)
        case .ogg, .opus: try OggTagger.tagged(file, with: tags)
        case .m4a: try MP4Tagger.tagged(file, with: tags)
        case .wav, .aiff: try ChunkTagger.tagged(file, with: tags)
        }
    }
}
