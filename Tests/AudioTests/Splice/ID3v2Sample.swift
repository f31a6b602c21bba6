@testable import Audio

/// An ID3v2 tag made by hand, of any version and with what writers of tags tend to lose.
struct ID3v2Sample {
    var version: UInt8
    var flags: UInt8 = 0
    var extendedHeader: [UInt8] = []
    var padding = 0
    var frames: [[UInt8]] = []

    static func syncsafe(_ number: Int) -> [UInt8] { [21, 14, 7, 0].map { UInt8(number >> $0 & 0x7F) } }

    func frame(_ id: String, _ payload: [UInt8], flags: [UInt8] = [0, 0]) -> [UInt8] {
        let size = version == 4 ? Self.syncsafe(payload.count) : .bigEndian(payload.count, version == 2 ? 3 : 4)
        return Array(id.utf8) + size + (version == 2 ? [] : flags) + payload
    }

    /// Text in ISO 8859-1.
    func text(_ id: String, _ text: String) -> [UInt8] { frame(id, [0] + Array(text.utf8)) }

    func userText(_ name: String, _ text: String) -> [UInt8] {
        self.text(version == 2 ? "TXX" : "TXXX", name + "\0" + text)
    }

    /// UTF-16 with a byte order mark.
    func wideUserText(_ name: String, _ text: String) -> [UInt8] {
        func wide(_ text: String) -> [UInt8] {
            [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        }
        return frame(version == 2 ? "TXX" : "TXXX", [1] + wide(name) + [0, 0] + wide(text))
    }

    func bytes() -> [UInt8] {
        var body = extendedHeader + frames.flatMap { $0 }
        if flags & 0x80 != 0, version < 4 { body = ID3v2Tag.unsynchronised(body) }
        body += [UInt8](repeating: 0, count: padding)
        let header = [version, 0, flags] + Self.syncsafe(body.count)
        let footer = flags & 0x10 != 0 && version == 4 ? Array("3DI".utf8) + header : []
        return Array("ID3".utf8) + header + body + footer
    }

    /// What must stay: private data, a picture with bytes that look like audio, an empty frame, frames that are twice
    /// there, and one that nobody knows.
    static func rich(_ version: UInt8) -> ID3v2Sample {
        var tag = ID3v2Sample(version: version)
        let short = version == 2
        tag.frames = [
            tag.text(short ? "TT2" : "TIT2", "Title"),
            tag.frame(
                short ? "PIC" : "APIC", [0] + Array("image/x\0".utf8) + [3, 0, 0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0, 0xFF]),
            tag.userText("other", "one"), tag.userText("other", "two"),
            tag.wideUserText("replaygain_track_gain", "+1.00 dB"),
            tag.frame(short ? "ZZZ" : "ZZZZ", Array("nobody knows".utf8)),
        ]
        if !short {
            tag.frames += [
                tag.frame("PRIV", Array("owner\0".utf8) + Array(0...255)), tag.frame("PRIV", Array("owner\0".utf8)),
                // Empty, which the standard forbids and the world has; what follows it must stay, too.
                tag.frame("TCON", []), tag.text("TPE1", "Artist"),
            ]
        }
        return tag
    }
}
