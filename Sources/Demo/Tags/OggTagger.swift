/// Replaces the comment packet of an Ogg Vorbis or Opus stream (RFC 3533, RFC 7845), renumbering the pages after it.
enum OggTagger {
    static func tagged(_ file: [UInt8], with tags: TrackTags) throws(TagProblem) -> [UInt8] {
        let first = try OggPage(file, at: 0)
        let isOpus = first.body.hasText("OpusHead", at: 0)
        guard isOpus || first.body.hasText("\u{1}vorbis", at: 0) else {
            throw .unexpected(format: "Ogg", what: "the first packet is neither Vorbis nor Opus")
        }
        // Opus has one packet after the first, the comments; Vorbis has the comments and the code books.
        let (packets, headerPages, audioStart) = try headerPackets(
            file, from: first.end, count: isOpus ? 1 : 2)
        let comment = VorbisComment(tags: tags, includesCover: true).bytes
        var rewritten = packets
        rewritten[0] =
            isOpus ? Array("OpusTags".utf8) + comment : Array("\u{3}vorbis".utf8) + comment + [framingBit]
        let pages = OggPage.pages(of: rewritten, serial: first.serial, firstSequence: 1)
        var result = Array(file[..<first.end])
        for page in pages { result += page.encoded }
        if pages.count == headerPages { return result + file[audioStart...] }
        var offset = audioStart
        while offset < file.count {
            var page = try OggPage(file, at: offset)
            offset = page.end
            page.sequence += pages.count - headerPages
            result += page.encoded
        }
        return result
    }

    private static let framingBit: UInt8 = 1

    /// The packets after the first page, how many pages they fill, and where the audio begins.
    private static func headerPackets(
        _ file: [UInt8], from start: Int, count: Int
    ) throws(TagProblem) -> (packets: [[UInt8]], pages: Int, audioStart: Int) {
        var packets: [[UInt8]] = []
        var current: [UInt8] = []
        var pages = 0
        var offset = start
        while packets.count < count {
            let page = try OggPage(file, at: offset)
            var position = 0
            for lace in page.lacing {
                current += page.body[position..<(position + Int(lace))]
                position += Int(lace)
                if lace < 255 {
                    packets.append(current)
                    current = []
                }
            }
            pages += 1
            offset = page.end
        }
        guard packets.count == count, current.isEmpty else {
            throw .unexpected(format: "Ogg", what: "audio begins on a header page")
        }
        return (packets, pages, offset)
    }
}
