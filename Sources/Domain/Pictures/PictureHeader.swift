/// What the first bytes of a picture say of it, before anybody decodes it.
package struct PictureHeader: Hashable, Sendable {
    package enum Format: UInt8, CaseIterable, Sendable {
        case jpeg = 1
        case png, webp, gif, bmp

        package var mediaType: String {
            switch self {
            case .jpeg: "image/jpeg"
            case .png: "image/png"
            case .webp: "image/webp"
            case .gif: "image/gif"
            case .bmp: "image/bmp"
            }
        }
    }

    package let format: Format
    /// Pixels; 1 or more.
    package let width: Int
    package let height: Int

    package var longerSide: Int { max(width, height) }
    package var pixels: Int { width * height }

    /// Nil for what is no picture of these kinds, or ends before it says how large it is.
    package init?(_ bytes: [UInt8]) {
        let reader = HeaderBytes(bytes)
        let found: (Format, Int?, Int?)? =
            if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
                reader.jpegFrame().map { (.jpeg, reader.big16($0 + 3), reader.big16($0 + 1)) }
            } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), reader.has("IHDR", at: 12) {
                (.png, reader.big32(16), reader.big32(20))
            } else if reader.has("RIFF", at: 0), reader.has("WEBP", at: 8) {
                reader.webpSize().map { (.webp, $0.width, $0.height) }
            } else if reader.has("GIF8", at: 0) {
                (.gif, reader.little(6, 2), reader.little(8, 2))
            } else if reader.has("BM", at: 0) {
                (.bmp, reader.little(18, 4), reader.little(22, 4).map { abs($0 >= 1 << 31 ? $0 - 1 << 32 : $0) })
            } else {
                nil
            }
        guard let (format, width, height) = found, let width, let height else { return nil }
        // No format has longer sides; the product cannot overflow then.
        guard (1...Int(Int32.max)).contains(width), (1...Int(Int32.max)).contains(height) else { return nil }
        (self.format, self.width, self.height) = (format, width, height)
    }
}

/// Numbers at places that may not be there.
private struct HeaderBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func byte(_ place: Int) -> Int? { bytes.indices.contains(place) ? Int(bytes[place]) : nil }

    func little(_ place: Int, _ count: Int) -> Int? {
        guard place >= 0, place + count <= bytes.count else { return nil }
        return bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    func big16(_ place: Int) -> Int? { big(place, 2) }
    func big32(_ place: Int) -> Int? { big(place, 4) }

    private func big(_ place: Int, _ count: Int) -> Int? {
        guard place >= 0, place + count <= bytes.count else { return nil }
        return bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
    }

    func has(_ name: String, at place: Int) -> Bool { bytes.dropFirst(place).starts(with: name.utf8) }

    /// Where the precision of a JPEG's frame stands (ITU-T T.81, B.2.2); sizes follow it.
    func jpegFrame() -> Int? {
        var place = 2
        while byte(place) == 0xFF {
            var marker = byte(place + 1)
            while marker == 0xFF {
                place += 1
                marker = byte(place + 1)
            }
            guard let marker else { return nil }
            switch marker {
            case 0xC4, 0xC8, 0xCC: break
            case 0xC0...0xCF: return place + 4
            // The scan begins, or the picture ends, without a frame.
            case 0xD9, 0xDA: return nil
            case 0x01, 0xD0...0xD8:
                place += 2
                continue
            default: break
            }
            guard let size = big16(place + 2), size >= 2 else { return nil }
            place += 2 + size
        }
        return nil
    }

    /// Lossy, lossless or extended (RFC 9649, section 2).
    func webpSize() -> (width: Int?, height: Int?)? {
        if has("VP8X", at: 12) { return (little(24, 3).map { $0 + 1 }, little(27, 3).map { $0 + 1 }) }
        if has("VP8L", at: 12), byte(20) == 0x2F, let bits = little(21, 4) {
            return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        guard has("VP8 ", at: 12), little(23, 3) == 0x2A019D else { return nil }
        return (little(26, 2).map { $0 & 0x3FFF }, little(28, 2).map { $0 & 0x3FFF })
    }
}
