import Domain

/// A FLAC file (RFC 9639): blocks of metadata, then the audio; an ID3v2 tag may lie in front.
struct FLACFile {
    private struct Block {
        var type: UInt8
        var payload: Range<Int>
        var isPadding: Bool { type == 1 }
        var isComments: Bool { type == 4 }
    }

    private let file: FileBytes
    private let id3v2: ID3v2Tag?
    private var blocks: [Block] = []
    private let comments: VorbisComments?

    private static let headerBytes = 4
    private static let payloadBytesMax = 0xFF_FFFF
    /// What comes behind the blocks when they grow, so that the next change fits.
    private static let paddingBytes = 1024

    init(_ file: FileBytes) throws(Failure) {
        self.file = file
        id3v2 = try ID3v2Tag(file, at: 0, end: file.count)
        var (at, isLast) = ((id3v2?.count ?? 0) + Self.headerBytes, false)
        guard at <= file.count, try file.bytes((at - Self.headerBytes)..<at).has("fLaC", at: 0) else {
            throw Self.odd("does not begin as FLAC does")
        }
        while !isLast {
            guard file.count - at >= Self.headerBytes, blocks.count < FilePart.countMax else {
                throw Self.odd("has metadata without an end")
            }
            let header = try file.bytes(at..<(at + Self.headerBytes))
            let payload = (at + Self.headerBytes)..<(at + Self.headerBytes + (header.bigEndian(at: 1, 3) ?? 0))
            guard payload.upperBound <= file.count else { throw Self.odd("has a block that is longer than the file") }
            blocks.append(Block(type: header[0] & 0x7F, payload: payload))
            (at, isLast) = (payload.upperBound, header[0] & 0x80 != 0)
        }
        let found = blocks.filter(\.isComments)
        guard found.count < 2 else { throw Self.odd("has two blocks of comments") }
        comments = try found.first.map { block throws(Failure) in
            try VorbisComments(try file.bytes(block.payload), from: 0)
        }
    }

    private static func odd(_ what: String) -> Failure {
        Failure(.unsupportedFormat, "\(what), so nothing is written into it")
    }

    /// Without their padding the blocks stay in their order; what room is left becomes one padding at their end.
    func edits(_ fields: [GainField]) throws(Failure) -> [FileEdit] {
        try expectPlace()
        var new = comments ?? VorbisComments()
        new.set(fields)
        var contents: [(UInt8, [UInt8])] = []
        for block in blocks where !block.isPadding {
            contents.append((block.type, try block.isComments ? new.rendered() : file.bytes(block.payload)))
        }
        if comments == nil { contents.append((4, new.rendered())) }
        let place = blocks[0].payload.lowerBound - Self.headerBytes..<audio.lowerBound
        let size = contents.reduce(0) { $0 + Self.headerBytes + $1.1.count }
        let left = place.count - size - Self.headerBytes
        if left != -Self.headerBytes {
            let padding = left >= 0 ? min(left, Self.payloadBytesMax) : Self.paddingBytes
            contents.append((1, [UInt8](repeating: 0, count: padding)))
        }
        guard size <= FileBytes.heldBytesMax, contents.allSatisfy({ $0.1.count <= Self.payloadBytesMax }) else {
            throw Self.odd("has metadata that is too large")
        }
        var bytes: [UInt8] = []
        for (index, (type, payload)) in contents.enumerated() {
            bytes.append(index == contents.count - 1 ? type | 0x80 : type)
            bytes += [UInt8].bigEndian(payload.count, 3)
            bytes += payload
        }
        if bytes.count != place.count { try id3v2?.expectNoPlaces() }
        return try editsOfID3v2(fields) + [FileEdit(range: place, bytes: bytes)]
    }

    /// Before any of it is held in memory; and where a size is wrong the blocks end within the audio.
    private func expectPlace() throws(Failure) {
        let size = blocks.filter { !$0.isPadding }.reduce(0) { $0 + Self.headerBytes + $1.payload.count }
        guard size <= FileBytes.heldBytesMax else { throw Self.odd("has metadata that is too large") }
        let sync = try file.bytes(audio.lowerBound..<min(audio.lowerBound + 2, file.count))
        guard sync.count == 2, sync[0] == 0xFF, sync[1] & 0xFE == 0xF8 else {
            throw Self.odd("has no audio behind its metadata")
        }
    }

    /// Old values there would contradict the new ones.
    private func editsOfID3v2(_ fields: [GainField]) throws(Failure) -> [FileEdit] {
        guard var tag = id3v2, try tag.has(fields) else { return [] }
        try tag.set(fields)
        return [FileEdit(range: 0..<tag.count, bytes: try tag.rendered())]
    }

    private var audio: Range<Int> { (blocks.last?.payload.upperBound ?? file.count)..<file.count }

    func parts(apartFrom fields: [GainField]) throws(Failure) -> [FilePart] {
        var parts = [FilePart("audio", try file.digest(audio))]
        for block in blocks where !block.isPadding && !block.isComments {
            parts.append(FilePart("FLAC block \(block.type)", try file.digest(block.payload)))
        }
        if let comments { parts += comments.parts(apartFrom: fields) }
        if let id3v2 { parts += try id3v2.parts(apartFrom: fields) }
        return parts
    }
}
