import CFiles

/// The names that are taken for audio files. What a file really is, its content decides later.
package enum AudioFileExtension {
    package static let all: Set<String> = [
        "aac", "aif", "aifc", "aiff", "ape", "asf", "caf", "dsf", "flac", "m4a", "m4b", "mka", "mp2", "mp3", "mp4",
        "mpc", "oga", "ogg", "opus", "spx", "tta", "wav", "weba", "webm", "wma", "wv",
    ]

    /// Files that list others.
    package static let playlists: Set<String> = ["m3u", "m3u8", "pls", "xspf"]

    /// Files that cut others into tracks.
    private static let sheets: Set<String> = ["cue"]

    /// As the C side compares them: bytes of the text, first one lowest.
    static let packed: [UInt64] = all.union(playlists).union(sheets).map(pack).sorted()
    private static let packedPlaylists = Set(playlists.map(pack))
    private static let packedSheets = Set(sheets.map(pack))

    enum Kind {
        case audio, playlist, sheet
    }

    private static let read = Set(packed)

    /// Whether walks list a file of this name.
    static func isRead(_ name: [UInt8]) -> Bool {
        // As in C: "._" files hold a Mac's notes on another file, and a dot in front begins no extension.
        guard !name.starts(with: [UInt8(ascii: "."), UInt8(ascii: "_")]),
            let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0
        else { return false }
        let ending = name[(dot + 1)...]
        guard (1...Int(SILLON_EXTENSION_BYTES_MAX)).contains(ending.count) else { return false }
        let packed = ending.reversed().reduce(UInt64(0)) { packed, byte in
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            return packed << 8 | UInt64(isUpper ? byte | 0x20 : byte)
        }
        return read.contains(packed)
    }

    /// What a name that ends in one of `packed` is taken for.
    static func kind(of name: UnsafeBufferPointer<UInt8>) -> Kind {
        var packed: UInt64 = 0
        for byte in name.reversed().prefix(Int(SILLON_EXTENSION_BYTES_MAX) + 1) {
            if byte == UInt8(ascii: ".") {
                return packedPlaylists.contains(packed) ? .playlist : packedSheets.contains(packed) ? .sheet : .audio
            }
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            packed = packed << 8 | UInt64(isUpper ? byte | 0x20 : byte)
        }
        return .audio
    }

    private static func pack(_ text: String) -> UInt64 {
        precondition(text.utf8.count <= Int(SILLON_EXTENSION_BYTES_MAX), "An extension has at most eight bytes.")
        return text.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
