import CAudio
import Domain

/// Encodes decoded blocks into a stream. Owns the C encoder, not the sink.
final class AudioEncoder {
    /// Takes the bytes in order; false when nobody wants more.
    typealias Sink = (UnsafeRawBufferPointer) -> Bool

    /// What keeps the closure where C can find it.
    private final class SinkBox {
        let sink: Sink

        init(_ sink: @escaping Sink) {
            self.sink = sink
        }
    }

    /// What a lossless encoding takes over from the file.
    struct Source {
        let bits: Int
        /// Of each channel; nil when that is not known before the end.
        let samples: Int64?
    }

    private let handle: OpaquePointer
    private let box: SinkBox

    /// - Parameter first: tells the rate and the channels; it is not encoded yet.
    init(
        _ order: TranscodeOrder, _ source: Source, first: AudioBlock, sink: @escaping Sink
    ) throws(Failure) {
        let box = SinkBox(sink)
        self.box = box
        var handle: OpaquePointer?
        var message = [CChar](repeating: 0, count: Int(SILLON_MESSAGE_SIZE))
        let status = Self.withTexts(order.labels) { title, artist, album in
            var options = sillon_encoder_options(
                encoding: Self.number(of: order.profile.format), kbps: Int32(clamping: order.profile.kbps),
                is_constant: order.profile.isConstant ? 1 : 0,
                page_us: Int32(TranscodeProfile.opusPageMs * 1000), bits: Int32(clamping: source.bits),
                samples: source.samples ?? 0, title: title, artist: artist, album: album)
            return first.withRaw { block in
                sillon_encoder_open(
                    &options, block,
                    { context, bytes, count in
                        guard let context, let bytes else { return 1 }
                        let box = Unmanaged<SinkBox>.fromOpaque(context).takeUnretainedValue()
                        return box.sink(UnsafeRawBufferPointer(start: bytes, count: Int(count))) ? 0 : 1
                    }, Unmanaged.passUnretained(box).toOpaque(), &handle, &message)
            }
        }
        guard let handle else {
            let text = message.withUnsafeBufferPointer { buffer in
                String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
            throw Self.failure(status, text.isEmpty ? "the encoder could not be made" : text)
        }
        self.handle = handle
    }

    deinit {
        sillon_encoder_close(handle)
    }

    /// False when nobody wants more.
    func add(_ block: AudioBlock, from start: Int, count: Int) throws(Failure) -> Bool {
        let status = block.withRaw { sillon_encoder_add(handle, $0, Int32(clamping: start), Int32(clamping: count)) }
        return try goesOn(status)
    }

    /// False when nobody wants more.
    func finish() throws(Failure) -> Bool {
        try goesOn(sillon_encoder_finish(handle))
    }

    private func goesOn(_ status: Int32) throws(Failure) -> Bool {
        if status == Int32(SILLON_IO.rawValue) { return false }
        guard status == Int32(SILLON_OK.rawValue) else { throw Self.failure(status, "encoding failed") }
        return true
    }

    private static func number(of format: TranscodeFormat) -> Int32 {
        switch format {
        case .mp3: Int32(SILLON_ENCODE_MP3.rawValue)
        case .opus: Int32(SILLON_ENCODE_OPUS.rawValue)
        case .aac: Int32(SILLON_ENCODE_AAC.rawValue)
        case .flac: Int32(SILLON_ENCODE_FLAC.rawValue)
        }
    }

    private static func failure(_ status: Int32, _ message: String) -> Failure {
        Failure(status == Int32(SILLON_MEMORY.rawValue) ? .parserMemory : .internalError, message)
    }

    private static func withTexts<Value>(
        _ labels: TranscodeOrder.Labels,
        _ body: (UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Value
    ) -> Value {
        labels.title.withCString { title in
            labels.artist.withCString { artist in labels.album.withCString { album in body(title, artist, album) } }
        }
    }
}
