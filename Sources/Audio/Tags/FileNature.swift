/// Why no audio was found in a file, in the words of a person who looks at its first bytes. Pure but for `read`.
struct FileNature {
    /// Bytes of the file.
    let size: Int64
    /// Up to so many bytes from an offset on; fewer at the end of the file.
    let read: (_ offset: Int64, _ count: Int) -> [UInt8]

    /// As much as is looked at to say what a file is.
    private static let headBytes = 64 * 1024
    /// Boxes of an MP4 file, or blocks of a FLAC file, that are looked at.
    private static let stepsMax = 64

    /// Completes a sentence that begins with the file's name.
    func sentence() -> String {
        let head = read(0, Self.headBytes)
        if head.isEmpty { return "is empty" }
        if head.allSatisfy({ $0 == 0 }) {
            let all = size <= Int64(head.count)
            return all ? "holds nothing but zero bytes" : "begins with nothing but zero bytes"
        }
        return other(head) ?? music(head) ?? (text(head) ? "is text, not music" : "holds no audio that can be found")
    }

    /// What it is instead of music.
    private func other(_ head: [UInt8]) -> String? {
        for (magic, what) in Self.others where head.starts(with: magic) { return "is \(what), not music" }
        let start = String(decoding: head.prefix(256), as: UTF8.self).lowercased().drop { $0.isWhitespace }
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return "is a web page, not music" }
        if start.hasPrefix("<?xml") || start.hasPrefix("<svg") { return "is an XML text, not music" }
        if start.hasPrefix("#extm3u") || start.hasPrefix("ffconcat") || start.hasPrefix("[playlist]") {
            return "is a playlist, not music"
        }
        return nil
    }

    private static let others: [([UInt8], String)] = [
        ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"), ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
        (Array("GIF8".utf8), "a GIF picture"), (Array("%PDF".utf8), "a PDF document"),
        ([0x50, 0x4B, 3, 4], "a ZIP archive"), ([0x1F, 0x8B], "a gzip archive"), (Array("Rar!".utf8), "a RAR archive"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive"), ([0x7F, 0x45, 0x4C, 0x46], "a program (ELF)"),
        (Array("MZ".utf8), "a program (Windows)"), (Array("SQLite format 3".utf8), "a database (SQLite)"),
    ]

    /// A format of music, and how far the file gets in it.
    private func music(_ head: [UInt8]) -> String? {
        if head.starts(with: Array("ID3".utf8)) { return behindID3(head) }
        if head.starts(with: Array("fLaC".utf8)) { return flac() }
        if head.starts(with: Array("OggS".utf8)) { return "begins as an Ogg file and breaks off before its audio" }
        if head.dropFirst(4).starts(with: Array("ftyp".utf8)) { return mp4() }
        for (magic, name) in [("RIFF", "WAV"), ("FORM", "AIFF"), ("wvpk", "WavPack"), ("MAC ", "APE"), ("TTA1", "TTA")]
        where head.starts(with: Array(magic.utf8)) {
            return "has the header of \(name), but no audio behind it"
        }
        return nil
    }

    private func behindID3(_ head: [UInt8]) -> String {
        guard head.count >= 10 else { return "ends inside its ID3 tag" }
        let tag = head[6..<10].reduce(Int64(0)) { $0 << 7 | Int64($1 & 0x7F) } + 10
        return tag >= size ? "ends inside its ID3 tag" : "has an ID3 tag, but no audio behind it"
    }

    private func flac() -> String {
        var offset: Int64 = 4
        for _ in 0..<Self.stepsMax {
            let block = read(offset, 4)
            guard block.count == 4 else { return "ends inside its FLAC header" }
            offset += 4 + block.dropFirst().reduce(Int64(0)) { $0 << 8 | Int64($1) }
            if offset > size { return "ends inside its FLAC header" }
            if block[0] & 0x80 != 0 { break }
        }
        return offset == size ? "ends before its first FLAC frame" : "has a FLAC header that cannot be understood"
    }

    /// The index may stand at the end, where a file that breaks off has none.
    private func mp4() -> String {
        var offset: Int64 = 0
        for _ in 0..<Self.stepsMax {
            let box = read(offset, 16)
            guard box.count >= 8 else { break }
            var length = box[0..<4].reduce(Int64(0)) { $0 << 8 | Int64($1) }
            if length == 1, box.count == 16 { length = box[9..<16].reduce(Int64(0)) { $0 << 8 | Int64($1) } }
            if box[4..<8].elementsEqual("moov".utf8) { return "has an MP4 index that cannot be understood" }
            guard length >= 8, length <= size - offset else { break }
            offset += length
        }
        return "is an MP4 file without an index (moov): it breaks off, or was never finished"
    }

    private func text(_ head: [UInt8]) -> Bool {
        let printable = head.count { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        return printable == head.count
    }
}
