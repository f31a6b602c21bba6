import Domain

/// A box of an MP4 (ISO/IEC 14496-12) within the bytes, or the file, that it was found in.
struct MP4Box: Hashable {
    var type: String
    /// With its header.
    var range: Range<Int>
    var payload: Range<Int>

    static let headerBytes = 8
    private static let largeHeaderBytes = 16

    /// Room, which may come and go.
    var isFree: Bool { type == "free" || type == "skip" || type == "wide" }

    /// The boxes that fill a range; what lies behind the last one is less than a header.
    static func list(in bytes: [UInt8], _ range: Range<Int>) throws(Failure) -> [MP4Box] {
        var (boxes, at): ([MP4Box], Int) = ([], range.lowerBound)
        while range.upperBound - at >= headerBytes {
            let header = Array(bytes[at..<min(range.upperBound, at + largeHeaderBytes)])
            let box = try MP4Box(header, at: at, end: range.upperBound, isOutermost: false)
            boxes.append(box)
            at = box.range.upperBound
            guard boxes.count <= FilePart.countMax else { throw odd("too many boxes") }
        }
        return boxes
    }

    /// The outermost boxes of a file.
    static func list(_ file: FileBytes) throws(Failure) -> [MP4Box] {
        var (boxes, at): ([MP4Box], Int) = ([], 0)
        while at < file.count {
            let header = try file.bytes(at..<min(file.count, at + largeHeaderBytes))
            let box = try MP4Box(header, at: at, end: file.count, isOutermost: true)
            boxes.append(box)
            at = box.range.upperBound
            guard boxes.count <= FilePart.countMax else { throw odd("too many boxes") }
        }
        return boxes
    }

    private init(_ header: [UInt8], at offset: Int, end: Int, isOutermost: Bool) throws(Failure) {
        guard header.count >= Self.headerBytes, var size = header.bigEndian(at: 0, 4) else {
            throw Self.odd("bytes that are no box")
        }
        var payloadAt = Self.headerBytes
        if size == 1 {
            guard let large = header.bigEndian(at: 8, 8) else { throw Self.odd("a box without a size") }
            (size, payloadAt) = (large, Self.largeHeaderBytes)
        } else if size == 0, isOutermost {
            size = end - offset
        }
        guard size >= payloadAt, size <= end - offset else { throw Self.odd("a box of a size that cannot be") }
        // Latin-1, so that two types are never one.
        type = String(String.UnicodeScalarView(header[4..<8].map { Unicode.Scalar($0) }))
        range = offset..<(offset + size)
        payload = (offset + payloadAt)..<(offset + size)
    }

    static func odd(_ what: String) -> Failure {
        Failure(.unsupportedFormat, "has \(FilePart.printable(what)), so nothing is written into it")
    }

    /// The bytes of a box with this content.
    static func bytes(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        let header = [UInt8].bigEndian(headerBytes + payload.count, 4)
        return header + type.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } + payload
    }

    /// Room of this size in all.
    static func free(_ size: Int) -> [UInt8] { bytes("free", [UInt8](repeating: 0, count: size - headerBytes)) }
}

extension [MP4Box] {
    /// Nil when there is none. Throws when there are several.
    func only(_ type: String) throws(Failure) -> MP4Box? {
        let found = filter { $0.type == type }
        guard found.count < 2 else { throw MP4Box.odd("more than one box \(type)") }
        return found.first
    }
}
