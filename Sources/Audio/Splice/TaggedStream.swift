import Domain

/// Coded audio with tags around it: MPEG audio, True Audio, Monkey's Audio, WavPack, Musepack.
struct TaggedStream {
    private let file: FileBytes
    private let id3v2: ID3v2Tag?
    private let ape: APETag?
    private let id3v1: Range<Int>?
    private let isOfAPE: Bool

    private static let id3v1Bytes = 128
    /// Lyrics3 and the enhanced ID3v1 lie right before ID3v1, and are found by that. An APE tag may lie before them.
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
        guard !head.has("ADIF", at: 0), !Self.isADTS(head) else { throw GainFormat.unsupported }
        // A first tag is put before nothing that is not known.
        guard isOfAPE || id3v2 != nil || head.has("TTA", at: 0) || Self.isMPEG(head) else {
            throw Failure(.unsupportedFormat, "does not begin with MPEG audio, so no tag is put before it")
        }
        guard ape == nil else { return }
        let end = audio.upperBound
        for (bytes, magic) in Self.neighbours where end - bytes >= audio.lowerBound {
            guard try !file.bytes((end - bytes)..<end).has(magic, at: 0) else {
                throw Failure(.unsupportedFormat, "has \(magic) at its end, before which an APE tag may lie")
            }
        }
    }

    private static func isADTS(_ head: [UInt8]) -> Bool { head.count > 1 && head[0] == 0xFF && head[1] & 0xF6 == 0xF0 }

    /// Version 01, layer 00, bitrate 1111 and sample rate 11 do not exist (ISO/IEC 11172-3).
    private static func isMPEG(_ head: [UInt8]) -> Bool {
        head.count == 4 && head[0] == 0xFF && head[1] & 0xE0 == 0xE0 && head[1] & 0x18 != 0x08 && head[1] & 0x06 != 0
            && head[2] & 0xF0 != 0xF0 && head[2] & 0x0C != 0x0C
    }

    func parts(apartFrom fields: [GainField]) throws(Failure) -> [FilePart] {
        var parts = [FilePart("audio", try file.digest(audio))]
        if let id3v2 { parts += try id3v2.parts(apartFrom: fields) }
        if let ape { parts += ape.parts(apartFrom: fields) }
        if let id3v1 { parts.append(FilePart("ID3v1 tag", try file.digest(id3v1))) }
        return parts
    }
}
