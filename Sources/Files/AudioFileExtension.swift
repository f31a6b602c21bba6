import CFiles

/// The names that are taken for audio files. What a file really is, its content decides later.
package enum AudioFileExtension {
    package static let all: Set<String> = [
        "aac", "aif", "aifc", "aiff", "ape", "asf", "caf", "dsf", "flac", "m4a", "m4b", "mka", "mp2", "mp3", "mp4",
        "mpc", "oga", "ogg", "opus", "spx", "tta", "wav", "weba", "webm", "wma", "wv",
    ]

    /// As the C side compares them: bytes of the text, first one lowest.
    static let packed: [UInt64] = all.map(pack).sorted()

    private static func pack(_ text: String) -> UInt64 {
        precondition(text.utf8.count <= Int(SILLON_EXTENSION_BYTES_MAX), "An extension has at most eight bytes.")
        return text.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
