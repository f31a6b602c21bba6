import Domain

/// An ID3v2 tag (id3.org: 2.2.0, 2.3.0, 2.4.0), read strictly: what is not as it should be is refused, not guessed.
struct ID3v2Tag {
    struct Frame: Hashable {
        var id: String
        /// With its header. In 2.2 and 2.3 unsynchronisation is undone; in 2.4 it is a matter of each frame.
        var bytes: [UInt8]
    }

    let version: UInt8
    let revision: UInt8
    let flags: UInt8
    private(set) var extendedHeader: [UInt8] = []
    var frames: [Frame] = []
    /// What the tag takes up in the file; 0 for a new one.
    let count: Int

    private static let headerBytes = 10
    private static let bodyBytesMax = 0x0FFF_FFFF
    /// What a tag that grows gets on top, so that the next change fits.
    private static let paddingBytes = 1024

    /// The version that every player reads.
    init() { (version, revision, flags, count) = (3, 0, 0, 0) }

    /// Nil where no tag begins.
    init?(_ file: FileBytes, at start: Int, end: Int) throws(Failure) {
        guard end - start >= Self.headerBytes else { return nil }
        let header = try file.bytes(start..<(start + Self.headerBytes))
        guard header.has("ID3", at: 0) else { return nil }
        (version, revision, flags) = (header[3], header[4], header[5])
        let known: [UInt8: UInt8] = [2: 0x80, 3: 0xE0, 4: 0xF0]
        guard let knownFlags = known[version], flags & ~knownFlags == 0 else {
            throw Self.odd("is of a version or has flags that are not known")
        }
        guard let size = Self.syncsafe(header, at: 6) else { throw Self.odd("has a size that is none") }
        count = Self.headerBytes + size + (version == 4 && flags & 0x10 != 0 ? Self.headerBytes : 0)
        guard count <= end - start else { throw Self.odd("is longer than the file") }
        if hasFooter {
            // Without a look, ten bytes of audio would be taken for it.
            let footer = try file.bytes((start + count - Self.headerBytes)..<(start + count))
            guard footer == Array("3DI".utf8) + header[3...] else {
                throw Self.odd("says to have a footer, and has none")
            }
        }
        var body = try file.bytes((start + Self.headerBytes)..<(start + Self.headerBytes + size))
        if isUnsynchronised, version < 4 { body = Self.synchronised(body) }
        let begin = try extendedHeaderBytes(body)
        extendedHeader = Array(body[..<begin])
        // Some programs write the sizes of 2.4 as those of 2.3.
        guard let chain = chain(in: body, from: begin) ?? (version == 4 ? chain(in: body, from: begin, 3) : nil)
        else { throw Self.odd("holds something that is no frame") }
        frames = chain
    }

    static func odd(_ what: String) -> Failure {
        Failure(.unsupportedFormat, "the ID3v2 tag \(what), so nothing is written beside it")
    }

    var isUnsynchronised: Bool { flags & 0x80 != 0 }
    private var hasFooter: Bool { version == 4 && flags & 0x10 != 0 }

    private static func syncsafe(_ bytes: [UInt8], at offset: Int) -> Int? {
        guard offset + 4 <= bytes.count, bytes[offset..<(offset + 4)].allSatisfy({ $0 < 0x80 }) else { return nil }
        return bytes[offset..<(offset + 4)].reduce(0) { $0 << 7 | Int($1) }
    }

    static func syncsafe(_ number: Int) -> [UInt8] {
        [21, 14, 7, 0].map { UInt8(truncatingIfNeeded: number >> $0 & 0x7F) }
    }

    private func extendedHeaderBytes(_ body: [UInt8]) throws(Failure) -> Int {
        guard version > 2, flags & 0x40 != 0 else { return 0 }
        let size = version == 4 ? Self.syncsafe(body, at: 0) : body.bigEndian(at: 0, 4).map { $0 + 4 }
        guard let size, version == 4 ? size >= 6 : size == 10, size <= body.count,
            version == 4 ? body[4] == 1 && body[5] & 0x20 == 0 : body[4] & 0x80 == 0 && !isUnsynchronised
        else { throw Self.odd("has a checksum or another rare kind of extended header") }
        return size
    }

    /// Nil when this is no chain of frames with zeros behind it. `sizes` is the version after which sizes are written.
    private func chain(in body: [UInt8], from begin: Int, _ sizes: UInt8? = nil) -> [Frame]? {
        var (chain, at): ([Frame], Int) = ([], begin)
        let idBytes = version == 2 ? 3 : 4
        while at < body.count, body[at] != 0 {
            guard body.count - at >= frameHeaderBytes, chain.count < FilePart.countMax,
                body[at..<(at + idBytes)].allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }),
                let size = (sizes ?? version) == 4
                    ? Self.syncsafe(body, at: at + 4) : body.bigEndian(at: at + idBytes, idBytes),
                size <= body.count - at - frameHeaderBytes
            else { return nil }
            let end = at + frameHeaderBytes + size
            let id = String(decoding: body[at..<(at + idBytes)], as: UTF8.self)
            chain.append(Frame(id: id, bytes: Array(body[at..<end])))
            at = end
        }
        return body[at...].allSatisfy { $0 == 0 } ? chain : nil
    }

    var frameHeaderBytes: Int { version == 2 ? 6 : 10 }

    static func synchronised(_ bytes: [UInt8]) -> [UInt8] {
        var (result, isAfterFF): ([UInt8], Bool) = ([], false)
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if !(isAfterFF && byte == 0) { result.append(byte) }
            isAfterFF = byte == 0xFF
        }
        return result
    }

    static func unsynchronised(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            result.append(byte)
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if byte == 0xFF, next >= 0xE0 || next == 0 { result.append(0) }
        }
        return result
    }

    /// As long as it was where the frames fit, else with fresh padding.
    func rendered() throws(Failure) -> [UInt8] {
        var body = extendedHeader + frames.flatMap(\.bytes)
        if isUnsynchronised, version < 4 { body = Self.unsynchronised(body) }
        let room = count - Self.headerBytes - (hasFooter ? Self.headerBytes : 0)
        // A tag with a footer has no padding.
        let size = hasFooter ? body.count : body.count <= room ? room : body.count + Self.paddingBytes
        guard size <= Self.bodyBytesMax else { throw Self.odd("is full") }
        if size != room { try expectNoPlaces() }
        let padding = size - body.count
        if version == 3, !extendedHeader.isEmpty { body.replaceSubrange(6..<10, with: [UInt8].bigEndian(padding, 4)) }
        let header = [version, revision, flags] + Self.syncsafe(size)
        var bytes = Array("ID3".utf8)
        bytes += header
        bytes += body
        bytes += [UInt8](repeating: 0, count: padding)
        if hasFooter { bytes += Array("3DI".utf8) + header }
        return bytes
    }
}
