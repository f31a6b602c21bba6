/// Appends an ID3v2 tag as a chunk to a WAV (RIFF, little-endian) or AIFF (FORM, big-endian) file.
enum ChunkTagger {
    static func tagged(_ file: [UInt8], with tags: TrackTags) throws(TagProblem) -> [UInt8] {
        let isWave = file.hasText("RIFF", at: 0)
        guard isWave || file.hasText("FORM", at: 0) else {
            throw .unexpected(format: "WAV or AIFF", what: "no RIFF or FORM at the start")
        }
        var tag = ID3Tag(tags).bytes
        let size = tag.count
        // Chunks begin at even offsets; the padding byte is not counted.
        if !size.isMultiple(of: 2) { tag.append(0) }
        var result = file
        if !result.count.isMultiple(of: 2) { result.append(0) }
        result.append(text: isWave ? "id3 " : "ID3 ")
        append(size, isWave, to: &result)
        result += tag
        var total: [UInt8] = []
        append(result.count - 8, isWave, to: &total)
        result.replaceSubrange(4..<8, with: total)
        return result
    }

    private static func append(_ size: Int, _ isWave: Bool, to bytes: inout [UInt8]) {
        if isWave { bytes.append(littleEndian: size, bytes: 4) } else { bytes.append(bigEndian: size, bytes: 4) }
    }
}
