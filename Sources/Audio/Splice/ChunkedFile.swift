import Domain

/// WAV and AIFF: chunks, one of which may be an ID3v2 tag. EA IFF 85 and RIFF differ in their byte order.
struct ChunkedFile {
    private struct Chunk {
        var id: String
        var payload: Range<Int>
        /// With its header and the byte that makes it even.
        var whole: Range<Int>
        var isTag: Bool { id.uppercased() == "ID3 " }
    }

    private let file: FileBytes
    private let isRIFF: Bool
    private var chunks: [Chunk] = []
    private let formSize: Int
    private let tag: (ID3v2Tag, Chunk)?

    private static let headerBytes = 8
    private static let formHeaderBytes = 12
    private static let sizeMax = Int(UInt32.max)

    init(_ file: FileBytes) throws(Failure) {
        self.file = file
        let header = try file.bytes(0..<min(Self.formHeaderBytes, file.count))
        isRIFF = header.has("RIFF", at: 0)
        guard isRIFF || header.has("FORM", at: 0), header.count == Self.formHeaderBytes,
            let size = isRIFF ? header.littleEndian(at: 4, 4) : header.bigEndian(at: 4, 4),
            size >= 4, Self.headerBytes + size <= file.count
        else { throw Self.odd("says another size than it has") }
        formSize = size
        chunks = try Self.chunks(file, isRIFF, end: Self.headerBytes + size)
        let tags = chunks.filter(\.isTag)
        guard tags.count < 2 else { throw Self.odd("has two tags") }
        guard let chunk = tags.first else {
            tag = nil
            return
        }
        guard let found = try ID3v2Tag(file, at: chunk.payload.lowerBound, end: chunk.payload.upperBound) else {
            throw Self.odd("has a chunk for ID3 that is none")
        }
        tag = (found, chunk)
    }

    private static func odd(_ what: String) -> Failure {
        Failure(.unsupportedFormat, "\(what), so nothing is written into it")
    }

    private static func chunks(_ file: FileBytes, _ isRIFF: Bool, end: Int) throws(Failure) -> [Chunk] {
        var (chunks, at): ([Chunk], Int) = ([], formHeaderBytes)
        while at < end {
            guard end - at >= headerBytes, chunks.count < FilePart.countMax else { throw odd("has broken chunks") }
            let header = try file.bytes(at..<(at + headerBytes))
            guard let size = isRIFF ? header.littleEndian(at: 4, 4) : header.bigEndian(at: 4, 4),
                size <= end - at - headerBytes
            else { throw odd("has a chunk that is longer than the file") }
            let payload = (at + headerBytes)..<(at + headerBytes + size)
            let next = min(end, payload.upperBound + size % 2)
            // Latin-1, so that two ids are never one.
            let id = String(String.UnicodeScalarView(header[..<4].map { Unicode.Scalar($0) }))
            chunks.append(Chunk(id: id, payload: payload, whole: at..<next))
            at = next
        }
        return chunks
    }

    func edits(_ fields: [GainField]) throws(Failure) -> [FileEdit] {
        guard let (old, chunk) = tag else { return try appended(fields) }
        var new = old
        try new.set(fields)
        let bytes = try new.rendered()
        let place = chunk.payload.lowerBound..<(chunk.payload.lowerBound + old.count)
        if bytes.count == old.count { return [FileEdit(range: place, bytes: bytes)] }
        let rest = try file.bytes(place.upperBound..<chunk.payload.upperBound)
        return try resized(chunk.whole, self.chunk(chunk.id, bytes + rest))
    }

    private func appended(_ fields: [GainField]) throws(Failure) -> [FileEdit] {
        var tag = ID3v2Tag()
        try tag.set(fields)
        let end = Self.headerBytes + formSize
        // The last chunk may lack the byte that makes it even.
        let bytes = chunk("ID3 ", try tag.rendered())
        return try resized(end..<end, [UInt8](repeating: 0, count: end % 2) + bytes)
    }

    private func chunk(_ id: String, _ payload: [UInt8]) -> [UInt8] {
        var bytes = Array(id.utf8) + number(payload.count)
        bytes += payload
        return bytes + [UInt8](repeating: 0, count: payload.count % 2)
    }

    private func resized(_ range: Range<Int>, _ bytes: [UInt8]) throws(Failure) -> [FileEdit] {
        let size = formSize + bytes.count - range.count
        guard size <= Self.sizeMax else { throw Self.odd("is as large as it can be") }
        return [FileEdit(range: range, bytes: bytes), FileEdit(range: 4..<8, bytes: number(size))]
    }

    private func number(_ number: Int) -> [UInt8] { isRIFF ? .littleEndian(number, 4) : .bigEndian(number, 4) }

    func parts(apartFrom fields: [GainField]) throws(Failure) -> [FilePart] {
        var parts = [FilePart("form", try file.bytes(0..<4) + file.bytes(8..<Self.formHeaderBytes))]
        for chunk in chunks where !chunk.isTag {
            parts.append(FilePart("chunk " + chunk.id, try file.digest(chunk.payload)))
        }
        let end = Self.headerBytes + formSize
        if end < file.count { parts.append(FilePart("bytes behind the form", try file.digest(end..<file.count))) }
        guard let (tag, chunk) = tag else { return parts }
        let rest = (chunk.payload.lowerBound + tag.count)..<chunk.payload.upperBound
        if !rest.isEmpty { parts.append(FilePart("bytes behind the tag", try file.digest(rest))) }
        return try parts + tag.parts(apartFrom: fields)
    }
}
