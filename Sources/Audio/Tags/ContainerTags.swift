import CAudio
import CTagLib
import Domain

/// Tags and properties as libavformat tells them: for formats that TagLib does not read, and for files that it refuses
/// because they were cut off.
enum ContainerTags {
    /// Throws when no audio comes out of the file.
    ///
    /// - Parameter fd: Open, readable and seekable; stays the caller's.
    static func read(fd: Int32) throws(Failure) -> RawTags {
        let decoder = try AudioDecoder(fd: fd, mode: .packets)
        // A header that no audio follows is not enough.
        guard case .packet = try decoder.nextPacket() else {
            throw Failure(.corruptFile, "no audio packet could be read")
        }
        return decoder.withHandle { handle in
            var tags = properties(handle)
            tags.fields = fields(handle)
            tags.coverData = cover(handle)
            return tags
        }
    }

    private static func properties(_ handle: OpaquePointer) -> RawTags {
        var stream = sillon_stream()
        sillon_decoder_describe(handle, &stream)
        var tags = RawTags()
        tags.codec = codec(text(of: stream.codec), container: text(of: stream.container))
        tags.durationMs = max(0, stream.duration_us / 1000)
        tags.bitrateKbps = Int32(clamping: max(0, stream.bit_rate / 1000))
        tags.sampleRate = stream.sample_rate
        tags.channels = stream.channels
        tags.bitsPerSample = stream.bits_per_sample
        return tags
    }

    /// Uncompressed audio goes by the name of its container, as TagLib has it.
    private static func codec(_ codec: String, container: String) -> String {
        if codec.hasPrefix("pcm_") { return container }
        return codec.hasPrefix("dsd_") ? "dsd" : codec
    }

    private static func fields(_ handle: OpaquePointer) -> [RawTags.Field] {
        var fields: [RawTags.Field] = []
        var room = Int(SILLON_TAG_FIELDS_BYTES_MAX)
        var cursor: UnsafeRawPointer?
        var name: UnsafePointer<CChar>?
        var value: UnsafePointer<CChar>?
        while fields.count < SILLON_TAG_FIELDS_MAX, sillon_decoder_next_tag(handle, &cursor, &name, &value) != 0 {
            guard let name = name.map({ String(cString: $0) }), name.utf8.count <= SILLON_TAG_KEY_BYTES_MAX,
                let value = value.map({ String(cString: $0) }), value.utf8.count <= SILLON_TAG_VALUE_BYTES_MAX
            else { continue }
            room -= name.utf8.count + value.utf8.count
            guard room >= 0 else { break }
            fields.append(RawTags.Field(source: .container, name: name, value: value))
        }
        return fields
    }

    private static func cover(_ handle: OpaquePointer) -> [UInt8] {
        var bytes: UnsafePointer<UInt8>?
        var count = 0
        guard sillon_decoder_cover(handle, &bytes, &count) != 0, count <= CoverImage.maxBytes else { return [] }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    private static func text<Tuple>(of tuple: Tuple) -> String {
        withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
