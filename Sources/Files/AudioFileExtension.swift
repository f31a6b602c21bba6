import CFiles

/// The names that are taken for audio files. What a file really is, its content decides later.
package enum AudioFileExtension {
    package static let all: Set<String> = [
        "aac", "aif", "aifc", "aiff", "ape", "asf", "caf", "dsf", "flac", "m4a", "m4b", "mka", "mp2", "mp3", "mp4",
        "mpc", "oga", "ogg", "opus", "spx", "tta", "wav", "weba", "webm", "wma", "wv",
    ]

    /// Files that list others.
    package static let playlists: Set<String> = ["m3u", "m3u8", "pls", "xspf"]

    /// As the C side compares them: bytes of the text, first one lowest.
    static let packed: [UInt64] = all.union(playlists).map(pack).sorted()
    private static let packedPlaylists = Set(playlists.map(pack))

    /// Whether a name that is one of `packed` is that of a playlist.
    static func isPlaylist(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        var packed: UInt64 = 0
        for byte in name.reversed().prefix(Int(SILLON_EXTENSION_BYTES_MAX) + 1) {
            if byte == UInt8(ascii: ".") { return packedPlaylists.contains(packed) }
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            packed = packed << 8 | UInt64(isUpper ? byte | 0x20 : byte)
        }
        return false
    }

    private static func pack(_ text: String) -> UInt64 {
        precondition(text.utf8.count <= Int(SILLON_EXTENSION_BYTES_MAX), "An extension has at most eight bytes.")
        return text.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
