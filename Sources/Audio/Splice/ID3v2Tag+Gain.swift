import Domain

/// The texts of the user's own, by their names: ours are among them.
extension ID3v2Tag {
    /// First in the tag: some readers stop at a frame that they do not like.
    mutating func set(_ fields: [GainField]) throws(Failure) {
        let known = try names()
        let others = zip(frames, known).filter { !($0.1.map(fields.has) ?? false) }.map(\.0)
        frames = fields.spelled(as: known.compactMap { $0 }).map { frame($0) } + others
    }

    func has(_ fields: [GainField]) throws(Failure) -> Bool {
        try names().contains { $0.map(fields.has) ?? false }
    }

    func parts(apartFrom fields: [GainField]) throws(Failure) -> [FilePart] {
        let name = "ID3v2.\(version)"
        var parts = [FilePart(name + " header", [version, revision, flags])]
        // In 2.3 it ends with the size of the padding.
        if !extendedHeader.isEmpty {
            parts.append(
                FilePart(name + " extended header", version == 3 ? extendedHeader.prefix(6) : extendedHeader[...]))
        }
        let names = try names()
        for (frame, known) in zip(frames, names) where known.map({ !fields.has($0) }) ?? true {
            let suffix = known.map { ":" + $0 } ?? ""
            parts.append(FilePart("\(name) frame \(frame.id)\(suffix)", frame.bytes))
        }
        return parts
    }

    private func frame(_ field: GainField) -> Frame {
        // ISO 8859-1, without flags.
        let payload: [UInt8] = [0] + Array("\(field.name)\0\(field.text)".utf8)
        let id = version == 2 ? "TXX" : "TXXX"
        let flags: [UInt8] = version == 2 ? [] : [0, 0]
        let size = version == 4 ? Self.syncsafe(payload.count) : [UInt8].bigEndian(payload.count, version == 2 ? 3 : 4)
        return Frame(id: id, bytes: Array(id.utf8) + size + flags + payload)
    }

    /// For each frame the name that a text of the user's has, nil for all others.
    private func names() throws(Failure) -> [String?] {
        var names: [String?] = []
        for frame in frames {
            let isText = frame.id == (version == 2 ? "TXX" : "TXXX")
            names.append(try isText ? Self.name(in: payload(of: frame)) : nil)
        }
        return names
    }

    func payload(of frame: Frame) throws(Failure) -> [UInt8] {
        let payload = Array(frame.bytes.dropFirst(frameHeaderBytes))
        guard version > 2 else { return payload }
        let format = frame.bytes[9]
        guard format & ~(version == 4 ? 0x03 : 0) == 0 else {
            throw Self.odd("has a frame \(frame.id) that is compressed, encrypted or grouped")
        }
        let text = format & 0x01 != 0 ? Array(payload.dropFirst(4)) : payload
        return version == 4 && (isUnsynchronised || format & 0x02 != 0) ? Self.synchronised(text) : text
    }

    private static func name(in payload: [UInt8]) -> String? {
        guard let encoding = payload.first else { return nil }
        let text = payload.dropFirst()
        // Only ASCII is looked for.
        guard encoding == 1 || encoding == 2 else {
            return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        }
        let isBig = encoding == 2 || text.starts(with: [0xFE, 0xFF])
        let bytes = Array(text)
        let units = stride(from: 0, to: bytes.count - bytes.count % 2, by: 2).map { index in
            UInt16(bytes[index + (isBig ? 0 : 1)]) << 8 | UInt16(bytes[index + (isBig ? 1 : 0)])
        }
        return String(decoding: units.prefix { $0 != 0 }.drop { $0 == 0xFEFF }, as: UTF16.self)
    }
}
