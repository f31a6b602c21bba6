/// Puts comments and a picture into a FLAC file (RFC 9639 §8), keeping stream information and seek table.
enum FLACTagger {
    static func tagged(_ file: [UInt8], with tags: TrackTags) throws(TagProblem) -> [UInt8] {
        guard file.hasText("fLaC", at: 0) else { throw .unexpected(format: "FLAC", what: "no marker at the start") }
        var kept: [(type: UInt8, body: [UInt8])] = []
        var offset = 4
        var isLast = false
        while !isLast {
            guard let size = file.bigEndian(at: offset + 1, bytes: 3), offset + 4 + size <= file.count else {
                throw .unexpected(format: "FLAC", what: "a metadata block is cut off")
            }
            isLast = file[offset] & 0x80 != 0
            let type = file[offset] & 0x7F
            if type == streamInfo || type == seekTable {
                kept.append((type, Array(file[(offset + 4)..<(offset + 4 + size)])))
            }
            offset += 4 + size
        }
        kept.append((vorbisComment, VorbisComment(tags: tags, includesCover: false).bytes))
        if let cover = tags.cover { kept.append((picture, VorbisComment.pictureBlock(cover))) }
        var result: [UInt8] = Array("fLaC".utf8)
        for (index, block) in kept.enumerated() {
            result.append(block.type | (index == kept.count - 1 ? 0x80 : 0))
            result.append(bigEndian: block.body.count, bytes: 3)
            result += block.body
        }
        return result + file[offset...]
    }

    private static let streamInfo: UInt8 = 0
    private static let seekTable: UInt8 = 3
    private static let vorbisComment: UInt8 = 4
    private static let picture: UInt8 = 6
}
