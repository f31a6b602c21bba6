/// An ID3v2 tag: version 2.4 with UTF-8 and lists, or 2.3 with UTF-16 (id3.org, informal standards).
package struct ID3Tag: Sendable {
    package enum Version: Int, Sendable {
        case three = 3
        case four = 4
    }

    private let version: Version
    private let tags: TrackTags

    package init(_ tags: TrackTags, version: Version = .four) {
        self.tags = tags
        self.version = version
    }

    /// The whole tag, ready to stand before the first MPEG frame.
    package var bytes: [UInt8] {
        var frames: [UInt8] = []
        addTexts(to: &frames)
        addUserTexts(to: &frames)
        if let id = tags.recordingID {
            add("UFID", Array("http://musicbrainz.org\0".utf8) + Array(id.utf8), to: &frames)
        }
        if let cover = tags.cover { add("APIC", picture(cover), to: &frames) }
        var tag: [UInt8] = Array("ID3".utf8) + [UInt8(version.rawValue), 0, 0]
        tag.append(bigEndian: Self.synchsafe(frames.count), bytes: 4)
        return tag + frames
    }

    private func addTexts(to frames: inout [UInt8]) {
        addText("TIT2", [tags.title], to: &frames)
        addText("TPE1", version == .four ? tags.artists : [tags.artistCredit], to: &frames)
        addText("TALB", [tags.album], to: &frames)
        addText("TPE2", [tags.albumArtist], to: &frames)
        addText("TRCK", ["\(tags.trackNumber)/\(tags.trackTotal)"], to: &frames)
        addText("TPOS", ["\(tags.discNumber)/\(tags.discTotal)"], to: &frames)
        addText("TCON", version == .four ? tags.genres : [tags.genres.first ?? ""], to: &frames)
        addDate(to: &frames)
        addText("TCOM", [tags.composer ?? ""], to: &frames)
        addText("TBPM", [tags.bpm.map(String.init) ?? ""], to: &frames)
        addText("TKEY", [tags.key ?? ""], to: &frames)
        if tags.isCompilation { addText("TCMP", ["1"], to: &frames) }
    }

    private func addDate(to frames: inout [UInt8]) {
        guard version == .three else { return addText("TDRC", [tags.date], to: &frames) }
        let parts = tags.date.split(separator: "-").map(String.init)
        addText("TYER", [parts.first ?? ""], to: &frames)
        // Version 2.3 keeps day and month apart, as DDMM.
        if parts.count == 3 { addText("TDAT", [parts[2] + parts[1]], to: &frames) }
    }

    private func addUserTexts(to frames: inout [UInt8]) {
        let fields: [(String, [String])] = [
            ("Artists", tags.artists.count > 1 ? tags.artists : []),
            ("MusicBrainz Album Id", [tags.releaseID ?? ""]),
            ("MusicBrainz Artist Id", tags.artistIDs),
            ("MusicBrainz Album Artist Id", [tags.albumArtistID ?? ""]),
            ("MusicBrainz Release Track Id", [tags.releaseTrackID ?? ""]),
        ]
        for (name, values) in fields {
            let present = values.filter { !$0.isEmpty }
            guard !present.isEmpty else { continue }
            add("TXXX", [textEncoding] + encode(name, terminated: true) + encode(joined(present)), to: &frames)
        }
    }

    private func addText(_ id: String, _ values: [String], to frames: inout [UInt8]) {
        let present = values.filter { !$0.isEmpty }
        guard !present.isEmpty else { return }
        add(id, [textEncoding] + encode(joined(present)), to: &frames)
    }

    /// Version 2.4 separates values by NUL; 2.3 has one value, in which people write a slash.
    private func joined(_ values: [String]) -> String {
        values.joined(separator: version == .four ? "\0" : "/")
    }

    private func picture(_ cover: TrackTags.Cover) -> [UInt8] {
        let frontCover: UInt8 = 3
        return [0] + Array(cover.mediaType.utf8) + [0, frontCover, 0] + cover.bytes
    }

    private func add(_ id: String, _ body: [UInt8], to frames: inout [UInt8]) {
        frames.append(text: id)
        frames.append(bigEndian: version == .four ? Self.synchsafe(body.count) : body.count, bytes: 4)
        frames += [0, 0] + body
    }

    private var textEncoding: UInt8 { version == .four ? 3 : 1 }

    private func encode(_ text: String, terminated: Bool = false) -> [UInt8] {
        if version == .four { return Array(text.utf8) + (terminated ? [0] : []) }
        var bytes: [UInt8] = [0xFF, 0xFE]
        for unit in text.utf16 { bytes.append(littleEndian: Int(unit), bytes: 2) }
        return bytes + (terminated ? [0, 0] : [])
    }

    /// 28 bits spread over four bytes of seven.
    private static func synchsafe(_ value: Int) -> Int {
        (value & 0x7F) | (value & 0x3F80) << 1 | (value & 0x1F_C000) << 2 | (value & 0xFE0_0000) << 3
    }
}
