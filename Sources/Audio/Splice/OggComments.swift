import Domain

/// The comments of the first stream in an Ogg file (RFC 3533): its second packet.
struct OggComments {
    private let comments: VorbisComments

    private static let pageHeaderBytes = 27
    private static let commentsBegin = [("OpusTags", 8), ("\u{3}vorbis", 7)]

    init(_ file: FileBytes) throws(Failure) {
        let first = try Self.packets(file)
        let packet = first.comments
        // FLAC in Ogg has a block of metadata in each packet; Speex has nothing before its comments.
        let begin = Self.commentsBegin.first { packet.has($0.0, at: 0) }?.1 ?? (first.isFLAC ? 4 : 0)
        comments = try VorbisComments(packet, from: begin)
    }

    private static func odd() -> Failure {
        Failure(.unsupportedFormat, "has no comments where Ogg has them, so nothing is written into it")
    }

    private static func packets(_ file: FileBytes) throws(Failure) -> (isFLAC: Bool, comments: [UInt8]) {
        var (at, serial, count): (Int, Int?, Int) = (0, nil, 0)
        var (isFLAC, packet): (Bool, [UInt8]) = (false, [])
        while at < file.count {
            let header = try file.bytes(at..<min(file.count, at + pageHeaderBytes))
            guard header.count == pageHeaderBytes, header.has("OggS", at: 0) else { throw odd() }
            let sizes = try file.bytes((at + pageHeaderBytes)..<(at + pageHeaderBytes + Int(header[26])))
            let body = at + pageHeaderBytes + sizes.count
            let page = try file.bytes(body..<(body + sizes.reduce(0) { $0 + Int($1) }))
            at = body + page.count
            if serial == nil { serial = header.littleEndian(at: 14, 4) }
            guard header.littleEndian(at: 14, 4) == serial else { continue }
            var segment = 0
            for size in sizes.map(Int.init) {
                packet += page[segment..<(segment + size)]
                segment += size
                guard packet.count <= FileBytes.heldBytesMax else { throw odd() }
                if size == 255 { continue }
                if count == 1 { return (isFLAC, packet) }
                isFLAC = packet.has("\u{7F}FLAC", at: 0)
                (packet, count) = ([], 1)
            }
        }
        throw odd()
    }

    func parts(apartFrom fields: [GainField]) -> [FilePart] { comments.parts(apartFrom: fields) }
}
