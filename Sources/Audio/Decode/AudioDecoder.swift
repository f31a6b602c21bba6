import CAudio
import Domain

/// The best audio stream of an open file: its encoded packets, and on demand its samples.
///
/// Owns the C decoder, not the file descriptor. Not for several threads at once.
final class AudioDecoder {
    enum Mode {
        /// Packets only: nothing is decoded.
        case packets
        case samples
    }

    /// What the container says of the stream; `exactDurationMs` only when the container counts and does not estimate,
    /// `durationMs` in either case.
    struct Stream: Equatable {
        var codec: String
        var sampleRate: Int?
        var channels: Int?
        var exactDurationMs: Int?
        var durationMs: Int?
        /// The container announces more than the file holds.
        var endsEarly = false

        /// What it says of a stretch. That the file was cut off concerns a part only when it is too short itself.
        func cut(to stretch: Stretch) -> Stream {
            var part = self
            part.durationMs = stretch.durationMs(ofFile: durationMs)
            let isCounted = stretch.endUs != nil || exactDurationMs != nil
            part.exactDurationMs = isCounted ? stretch.durationMs(ofFile: exactDurationMs) : nil
            part.endsEarly = endsEarly && stretch.endUs == nil
            return part
        }
    }

    /// Samples that an encoder put in front and behind, at the stream's rate; they are not in the blocks.
    struct Trimming: Equatable {
        let start: Int
        let end: Int
    }

    enum PacketResult {
        case packet(UnsafeRawBufferPointer)
        case end
        /// The demuxer gave up; what was read before is good.
        case broken
    }

    enum BlockResult {
        case block(AudioBlock)
        case needsPacket
        case skipped
        case end
    }

    let stream: Stream
    private let handle: OpaquePointer

    /// - Parameter fd: Open, readable and seekable; stays the caller's.
    init(fd: Int32, mode: Mode) throws(Failure) {
        var handle: OpaquePointer?
        var message = [CChar](repeating: 0, count: Int(SILLON_MESSAGE_SIZE))
        let status = sillon_decoder_open(fd, mode == .samples ? 1 : 0, &handle, &message)
        guard let handle else {
            let text = message.withUnsafeBufferPointer { buffer in
                String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
            throw Self.failure(status, text.isEmpty ? "the decoder could not be made" : text)
        }
        self.handle = handle
        stream = Self.describe(handle)
    }

    deinit {
        sillon_decoder_close(handle)
    }

    /// The next packet; its bytes are valid until the next call.
    func nextPacket() throws(Failure) -> PacketResult {
        var bytes: UnsafePointer<UInt8>?
        var count = 0
        let status = sillon_decoder_next_packet(handle, &bytes, &count)
        switch status {
        case Int32(SILLON_OK.rawValue): return .packet(UnsafeRawBufferPointer(start: bytes, count: count))
        case Int32(SILLON_END.rawValue): return .end
        case Int32(SILLON_CORRUPT.rawValue), Int32(SILLON_UNSUPPORTED.rawValue): return .broken
        default: throw Self.failure(status, "reading packets failed")
        }
    }

    /// Hands the packet last read, or the end, to the decoder. False: it was damaged and is passed over.
    func sendPacket() throws(Failure) -> Bool {
        let status = sillon_decoder_send(handle)
        switch status {
        case Int32(SILLON_OK.rawValue): return true
        case Int32(SILLON_SKIPPED.rawValue): return false
        default: throw Self.failure(status, "decoding failed")
        }
    }

    /// The next decoded block; its samples are valid until the next call.
    func nextBlock() throws(Failure) -> BlockResult {
        var block = sillon_block()
        let status = sillon_decoder_next_block(handle, &block)
        switch status {
        case Int32(SILLON_OK.rawValue): return .block(AudioBlock(block))
        case Int32(SILLON_END.rawValue): return .end
        case Int32(SILLON_AGAIN.rawValue): return .needsPacket
        case Int32(SILLON_SKIPPED.rawValue): return .skipped
        case Int32(SILLON_UNSUPPORTED.rawValue):
            throw Failure(.unsupportedFormat, "more than \(SILLON_MAX_CHANNELS) channels, or an unknown sample format")
        default: throw Self.failure(status, "decoding failed")
        }
    }

    /// Goes to the block that holds this time, or a little before it; before anything else is read. False: there is no block
    /// at all.
    func seek(toUs us: Int64) throws(Failure) -> Bool {
        let status = sillon_decoder_seek(handle, us)
        switch status {
        case Int32(SILLON_OK.rawValue): return true
        case Int32(SILLON_END.rawValue): return false
        default: throw Self.failure(status, "going to a place in the file failed")
        }
    }

    /// The same for packets alone: goes to one that ends at this time or before, or to none where the container does not
    /// know its places. Before anything is read.
    func seekPackets(toUs us: Int64) {
        sillon_decoder_seek_packets(handle, us)
    }

    /// From where to where the packet read last goes, in microseconds from the stream's beginning; nil when it does not say.
    var packetTimeUs: Range<Int64>? {
        var (start, end): (Int64, Int64) = (0, 0)
        guard sillon_decoder_packet_us(handle, &start, &end) != 0, start <= end else { return nil }
        return start..<end
    }

    /// What the container counts and does not estimate, to the sample.
    var exactDurationUs: Int64? {
        var raw = sillon_stream()
        sillon_decoder_describe(handle, &raw)
        return raw.exact_duration_us > 0 ? raw.exact_duration_us : nil
    }

    /// Bits that each sample has; 0 where that means nothing.
    var bitsPerSample: Int {
        var raw = sillon_stream()
        sillon_decoder_describe(handle, &raw)
        return max(0, Int(raw.bits_per_sample))
    }

    /// Of the block fetched last, in microseconds from the first sample that is heard; nil: right behind the one before.
    var blockTimeUs: Int64? {
        let us = sillon_decoder_block_us(handle)
        return us >= 0 ? us : nil
    }

    /// Of the packets read so far; nil when the file tells nothing.
    var trimming: Trimming? {
        var (start, end): (Int64, Int64) = (0, 0)
        sillon_decoder_trimming(handle, &start, &end)
        return start > 0 || end > 0 ? Trimming(start: Int(clamping: start), end: Int(clamping: end)) : nil
    }

    private static func describe(_ handle: OpaquePointer) -> Stream {
        var raw = sillon_stream()
        sillon_decoder_describe(handle, &raw)
        let codec = withUnsafeBytes(of: raw.codec) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let longestUs: Int64 = 365 * 86_400 * 1_000_000
        let milliseconds = { (us: Int64) in (1...longestUs).contains(us) ? Int(us / 1000) : nil }
        return Stream(
            codec: codec,
            sampleRate: raw.sample_rate > 0 ? Int(raw.sample_rate) : nil,
            channels: (1...1024).contains(raw.channels) ? Int(raw.channels) : nil,
            exactDurationMs: milliseconds(raw.exact_duration_us), durationMs: milliseconds(raw.duration_us),
            endsEarly: raw.ends_early != 0)
    }

    /// Calls `body` with the open C decoder, which must not leave it.
    func withHandle<Value>(_ body: (OpaquePointer) -> Value) -> Value {
        body(handle)
    }

    private static func failure(_ status: Int32, _ message: String) -> Failure {
        switch status {
        case Int32(SILLON_UNSUPPORTED.rawValue): Failure(.unsupportedFormat, message)
        case Int32(SILLON_CORRUPT.rawValue): Failure(.corruptFile, message)
        case Int32(SILLON_IO.rawValue): Failure(.ioError, message)
        case Int32(SILLON_MEMORY.rawValue): Failure(.parserMemory, message)
        default: Failure(.internalError, "\(message) (decoder status \(status))")
        }
    }
}
