/// How a camera was held, as EXIF keeps it beside the pixels: what has to be done to them to see the picture upright.
package enum PictureTurn: Int, CaseIterable, Sendable {
    case none = 1
    case mirrored, half, flipped, transposed, right, transversed, left

    /// True when width and height change places.
    package var isSideways: Bool { rawValue >= Self.transposed.rawValue }

    /// Of a JPEG, PNG or WebP; `none` where nothing is said, or nothing that makes sense.
    package init(_ picture: [UInt8]) {
        let exif = ExifPlace.find(in: picture)
        self = exif.flatMap { Self.orientation(in: picture, $0) } ?? .none
    }

    /// Tags of the first directory that are looked at (TIFF 6.0, section 2; EXIF 2.32, 4.6.4 A).
    private static let tagsMax = 200
    private static let orientationTag = 0x0112
    private static let shortType = 3

    private static func orientation(in bytes: [UInt8], _ range: Range<Int>) -> PictureTurn? {
        let isLittle = bytes[range].starts(with: [0x49, 0x49, 0x2A, 0])
        guard isLittle || bytes[range].starts(with: [0x4D, 0x4D, 0, 0x2A]) else { return nil }
        func number(_ place: Int, _ count: Int) -> Int? {
            guard place >= 0, place <= range.count - count else { return nil }
            let digits = bytes[(range.lowerBound + place)..<(range.lowerBound + place + count)]
            return (isLittle ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
        for index in 0..<min(count, tagsMax) {
            let entry = directory + 2 + 12 * index
            guard number(entry, 2) == orientationTag else { continue }
            guard number(entry + 2, 2) == shortType else { return nil }
            return number(entry + 8, 2).flatMap(PictureTurn.init(rawValue:))
        }
        return nil
    }
}

/// Finds the EXIF in a picture: its TIFF header and what follows.
private enum ExifPlace {
    static func find(in bytes: [UInt8]) -> Range<Int>? {
        switch PictureHeader(bytes)?.format {
        case .jpeg: inSegments(bytes)
        case .png: inChunks(bytes, from: 8, name: "eXIf", nameFirst: false, isLittle: false, padding: 4)
        case .webp:
            inChunks(bytes, from: 12, name: "EXIF", nameFirst: true, isLittle: true, padding: 0).map {
                afterMark(bytes, $0)
            }
        default: nil
        }
    }

    private static let mark = Array("Exif\u{0}\u{0}".utf8)

    private static func afterMark(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        bytes[range].starts(with: mark) ? range.dropFirst(mark.count) : range
    }

    /// In an APP1 of a JPEG, before its first scan.
    private static func inSegments(_ bytes: [UInt8]) -> Range<Int>? {
        var place = 2
        while place + 4 <= bytes.count, bytes[place] == 0xFF {
            let marker = bytes[place + 1]
            if marker == 0xFF {
                place += 1
                continue
            }
            if marker == 0xDA || marker == 0xD9 { return nil }
            if marker == 0x01 || (0xD0...0xD8).contains(marker) {
                place += 2
                continue
            }
            let end = place + 2 + (Int(bytes[place + 2]) << 8 | Int(bytes[place + 3]))
            guard end >= place + 4, end <= bytes.count else { return nil }
            let body = place + 4..<end
            if marker == 0xE1, bytes[body].starts(with: mark) { return body.dropFirst(mark.count) }
            place = end
        }
        return nil
    }

    /// Length and name, or name and length, then so many bytes.
    private static func inChunks(
        _ bytes: [UInt8], from start: Int, name: String, nameFirst isNameFirst: Bool, isLittle: Bool, padding: Int
    ) -> Range<Int>? {
        var place = start
        while place <= bytes.count - 8 {
            let digits = bytes[(place + (isNameFirst ? 4 : 0))..<(place + (isNameFirst ? 8 : 4))]
            let size = (isLittle ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | Int($1) }
            let body = place + 8
            guard size <= bytes.count - body else { return nil }
            if bytes[(place + (isNameFirst ? 0 : 4))..<body].starts(with: name.utf8) { return body..<(body + size) }
            // Of WebP, chunks begin at even places.
            place = body + size + padding + (isNameFirst ? size % 2 : 0)
        }
        return nil
    }
}
