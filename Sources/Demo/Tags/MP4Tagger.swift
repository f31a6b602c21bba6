/// Puts an iTunes item list into an MP4 file whose `moov` box is the last one, so that no offset of audio moves.
enum MP4Tagger {
    static func tagged(_ file: [UInt8], with tags: TrackTags) throws(TagProblem) -> [UInt8] {
        let boxes = try children(of: file, from: 0, to: file.count)
        guard let last = boxes.last, last.name == "moov" else {
            throw .unexpected(format: "MP4", what: "the moov box is not the last")
        }
        var movie: [UInt8] = []
        for child in try children(of: file, from: last.start + 8, to: last.end) where child.name != "udta" {
            movie += file[child.start..<child.end]
        }
        movie += box("udta", box("meta", [0, 0, 0, 0] + handler + box("ilst", items(tags))))
        return file[..<last.start] + box("moov", movie)
    }

    private typealias Child = (name: String, start: Int, end: Int)

    private static func children(of file: [UInt8], from: Int, to: Int) throws(TagProblem) -> [Child] {
        var found: [Child] = []
        var offset = from
        while offset < to {
            guard let size = file.bigEndian(at: offset, bytes: 4), size >= 8, offset + size <= to else {
                throw .unexpected(format: "MP4", what: "a box at byte \(offset) has no usable size")
            }
            found.append((String(decoding: file[(offset + 4)..<(offset + 8)], as: UTF8.self), offset, offset + size))
            offset += size
        }
        return found
    }

    private static let handler = box(
        "hdlr", [UInt8](repeating: 0, count: 8) + Array("mdirappl".utf8) + [UInt8](repeating: 0, count: 9))

    private static func items(_ tags: TrackTags) -> [UInt8] {
        var list: [UInt8] = []
        let texts: [(String, [String])] = [
            ("©nam", [tags.title]), ("©ART", tags.artists), ("©alb", [tags.album]), ("aART", [tags.albumArtist]),
            ("©day", [tags.date]), ("©gen", tags.genres), ("©wrt", [tags.composer ?? ""]),
        ]
        for (name, values) in texts { list += item(name, values) }
        list += box("trkn", data(.implicit, pair(tags.trackNumber, tags.trackTotal) + [0, 0]))
        list += box("disk", data(.implicit, pair(tags.discNumber, tags.discTotal)))
        if tags.isCompilation { list += box("cpil", data(.integer, [1])) }
        if let bpm = tags.bpm { list += box("tmpo", data(.integer, [UInt8(clamping: bpm >> 8), UInt8(bpm & 0xFF)])) }
        let freeform: [(String, [String])] = [
            ("ARTISTS", tags.artists.count > 1 ? tags.artists : []), ("initialkey", [tags.key ?? ""]),
            ("MusicBrainz Track Id", [tags.recordingID ?? ""]), ("MusicBrainz Album Id", [tags.releaseID ?? ""]),
            ("MusicBrainz Release Track Id", [tags.releaseTrackID ?? ""]), ("MusicBrainz Artist Id", tags.artistIDs),
            ("MusicBrainz Album Artist Id", [tags.albumArtistID ?? ""]),
        ]
        for (name, values) in freeform { list += freeformItem(name, values) }
        if let cover = tags.cover {
            list += box("covr", data(cover.mediaType == "image/png" ? .png : .jpeg, cover.bytes))
        }
        return list
    }

    private static func item(_ name: String, _ values: [String]) -> [UInt8] {
        let body = values.filter { !$0.isEmpty }.flatMap { data(.text, Array($0.utf8)) }
        return body.isEmpty ? [] : box(name, body)
    }

    private static func freeformItem(_ name: String, _ values: [String]) -> [UInt8] {
        let body = values.filter { !$0.isEmpty }.flatMap { data(.text, Array($0.utf8)) }
        guard !body.isEmpty else { return [] }
        let mean = box("mean", [0, 0, 0, 0] + Array("com.apple.iTunes".utf8))
        return box("----", mean + box("name", [0, 0, 0, 0] + Array(name.utf8)) + body)
    }

    private static func pair(_ number: Int, _ total: Int) -> [UInt8] {
        var bytes: [UInt8] = [0, 0]
        bytes.append(bigEndian: number, bytes: 2)
        bytes.append(bigEndian: total, bytes: 2)
        return bytes
    }

    /// The well-known types of a data box.
    private enum DataType: Int { case implicit = 0, text = 1, jpeg = 13, png = 14, integer = 21 }

    private static func data(_ type: DataType, _ value: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        body.append(bigEndian: type.rawValue, bytes: 4)
        body.append(bigEndian: 0, bytes: 4)
        return box("data", body + value)
    }

    private static func box(_ name: String, _ body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: body.count + 8, bytes: 4)
        bytes.append(code: name)
        return bytes + body
    }
}
