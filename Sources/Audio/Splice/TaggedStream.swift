import Domain

/// Coded audio with tags around it: MPEG audio, True Audio, Monkey's Audio, WavPack, Musepack.
struct TaggedStream {
    private let file: FileBytes
    private let id3v2: ID3v2Tag?
    private let ape: APETag?
    private let id3v1: Range<Int>?
    private let isOfAPE: Bool

    private static let id3v1Bytes = 128
    /// Lyrics3 and the enhanced ID3v1 lie right before ID3v1, and are found by that.
    private static let neighbours = [(9, "LYRICS200"), (9, "LYRICSEND"), (227, "TAG+")]

    /// `isOfAPE`: readers of the format look for APE tags first.
    init(_ file: FileBytes, isOfAPE: Bool) throws(Failure) {
        (self.file, self.isOfAPE) = (file, isOfAPE)
        id3v2 = try ID3v2Tag(file, at: 0, end: file.count)
        let begin = id3v2?.count ?? 0
        let v1Start = file.count - Self.id3v1Bytes
        let hasID3v1 = try v1Start >= begin ? file.bytes(v1Start..<(v1Start + 3)).has("TAG", at: 0) : false
        id3v1 = hasID3v1 ? v1Start..<file.count : nil
        ape = try APETag(file, endingAt: id3v1?.lowerBound ?? file.count)
        guard ape.map({ $0.range.lowerBound >= begin }) ?? true else {
            throw Failure(.corruptFile, "has tags that overlap")
        }
    }

    private var audio: Range<Int> {
        let end = ape?.range.lowerBound ?? id3v1?.lowerBound ?? file.count
        return (id3v2?.count ?? 0)..<end
    }

    /// Where the file has its tags already: a first ID3v2 tag would hide what ID3v1 or APE say from many players.
    func edits(_ fields: [GainField]) throws(Failure) -> [FileEdit] {
        try expectPlace()
        var edits: [FileEdit] = []
        let hasOldGain = try id3v2?.has(fields) ?? false
        if isOfID3v2 || hasOldGain {
            var tag = id3v2 ?? ID3v2Tag()
            try tag.set(fields)
            edits.append(FileEdit(range: 0..<(id3v2?.count ?? 0), bytes: try tag.rendered()))
        }
        // Old values in the second tag would contradict the new ones.
        if !isOfID3v2 || ape?.has(fields) == true {
            var tag = ape ?? APETag(at: audio.upperBound)
            tag.set(fields)
            edits.append(FileEdit(range: tag.range, bytes: tag.rendered()))
        }
        return edits
    }

    private var isOfID3v2: Bool { !isOfAPE && (id3v2 != nil || ape == nil && id3v1 == nil) }

    private func expectPlace() throws(Failure) {
        let head = try file.bytes(audio.lowerBound..<min(audio.upperBound, audio.lowerBound + 4))
        let isAAC = head.has("ADIF", at: 0) || head.count > 1 && head[0] == 0xFF && head[1] & 0xF6 == 0xF0
        guard !isAAC else { throw GainFormat.unsupported }
        guard id3v2 == nil, ape == nil, let id3v1 else { return }
        for (bytes, magic) in Self.neighbours where id3v1.lowerBound - bytes >= audio.lowerBound {
            let found = try file.bytes((id3v1.lowerBound - bytes)..<id3v1.lowerBound)
            guard !found.has(magic, at: 0) else {
                throw Failure(.unsupportedFormat, "has \(magic) before ID3v1, where the APE tag belongs")
            }
        }
    }

    func parts(apartFrom fields: [GainField]) throws(Failure) -> [FilePart] {
        var parts = [FilePart("audio", try file.digest(audio))]
        if let id3v2 { parts += try id3v2.parts(apartFrom: fields) }
        if let ape { parts += ape.parts(apartFrom: fields) }
        if let id3v1 { parts.append(FilePart("ID3v1 tag", try file.digest(id3v1))) }
        return parts
    }
}
