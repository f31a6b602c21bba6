import CTagLib

/// What the parser found, as the tags themselves put it: any name, any text, any number.
struct RawTags {
    /// The kind of tag a field stands in; where a file has several, the lower one wins.
    enum Source: UInt8 {
        case xiph, mp4, asf, id3v2, ape, riffInfo, id3v1
    }

    struct Field {
        let source: Source
        let name: String
        let value: String
    }

    var codec = ""
    var durationMs: Int64 = 0
    var bitrateKbps: Int32 = 0
    var sampleRate: Int32 = 0
    var channels: Int32 = 0
    var bitsPerSample: Int32 = 0
    var fields: [Field] = []
    var coverData: [UInt8] = []
}

extension RawTags {
    /// Reads the packed form of `CTagLib.h`. Nil when it is not well-formed: a parser that a file took over may send
    /// anything.
    init?(packed: UnsafeRawBufferPointer) {
        var reader = ByteReader(packed)
        guard let durationMs = reader.number(Int64.self), let bitrate = reader.number(Int32.self),
            let sampleRate = reader.number(Int32.self), let channels = reader.number(Int32.self),
            let bits = reader.number(Int32.self), let codec = reader.shortText(),
            let count = reader.number(UInt32.self), count <= SILLON_TAG_FIELDS_MAX
        else { return nil }
        self.durationMs = durationMs
        self.bitrateKbps = bitrate
        self.sampleRate = sampleRate
        self.channels = channels
        self.bitsPerSample = bits
        self.codec = codec
        fields.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let field = reader.field() else { return nil }
            fields.append(field)
        }
        // The type that the tag claims for its cover is not believed.
        guard reader.shortText() != nil, let size = reader.number(UInt32.self), let cover = reader.bytes(Int(size)),
            reader.left == 0
        else { return nil }
        coverData = Array(cover)
    }
}

extension ByteReader {
    fileprivate mutating func shortText() -> String? {
        guard let size = number(UInt8.self), let bytes = bytes(Int(size)) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    fileprivate mutating func field() -> RawTags.Field? {
        guard let number = number(UInt8.self), let source = RawTags.Source(rawValue: number), let name = shortText(),
            let size = self.number(UInt32.self), size <= SILLON_TAG_VALUE_BYTES_MAX, let value = bytes(Int(size))
        else { return nil }
        return RawTags.Field(source: source, name: name, value: String(decoding: value, as: UTF8.self))
    }
}
