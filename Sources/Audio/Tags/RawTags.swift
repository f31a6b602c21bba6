import CTagLib

/// What the parser found, as the tags themselves put it: any name, any text, any number.
struct RawTags {
    /// The kind of tag a field stands in; where a file has several, the lower one wins.
    enum Source: UInt8 {
        case xiph, mp4, asf, id3v2, ape, riffInfo, id3v1, container
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
    /// Reads one or two records of the packed form of `CTagLib.h`; the first one's properties count, and the fields of
    /// both. Nil when it is not well-formed: a parser that a file took over may send anything.
    init?(packed: UnsafeRawBufferPointer) {
        var reader = ByteReader(packed)
        self.init(next: &reader)
        if reader.left > 0 {
            guard let second = RawTags(next: &reader) else { return nil }
            fields += second.fields
            if coverData.isEmpty { coverData = second.coverData }
        }
        guard reader.left == 0 else { return nil }
    }

    private init?(next reader: inout ByteReader) {
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
        guard reader.shortText() != nil, let size = reader.number(UInt32.self), let cover = reader.bytes(Int(size))
        else { return nil }
        coverData = Array(cover)
    }

    /// As `init(packed:)` reads it.
    func packed() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(number: durationMs)
        for number in [bitrateKbps, sampleRate, channels, bitsPerSample] { bytes.append(number: number) }
        bytes.append(shortText: codec)
        bytes.append(number: UInt32(clamping: fields.count))
        for field in fields {
            bytes.append(field.source.rawValue)
            bytes.append(shortText: field.name)
            bytes.append(number: UInt32(clamping: field.value.utf8.count))
            bytes.append(contentsOf: field.value.utf8)
        }
        bytes.append(shortText: "")
        bytes.append(number: UInt32(clamping: coverData.count))
        bytes.append(contentsOf: coverData)
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(shortText text: String) {
        append(UInt8(clamping: text.utf8.count))
        append(contentsOf: text.utf8.prefix(Int(UInt8.max)))
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
