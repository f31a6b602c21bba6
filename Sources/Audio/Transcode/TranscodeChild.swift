import CMediaHost
import Domain
import Glibc

/// The child's side of an encoding: one order, one file, then it ends. Whoever reads slowly makes it wait.
enum TranscodeChild {
    /// CPU seconds until the file is open and understood.
    private static let openingSeconds: UInt32 = 40
    /// CPU seconds on top of one for each second of audio. The slowest device encodes several times as fast as it plays.
    private static let spareSeconds = 60
    /// Where the file does not say how long it is.
    private static let unknownSeconds = 6 * 3600

    static func run() -> Never {
        var input = FrameBuffer(bytesMax: TranscodeOrder.bytesMax)
        var order: TranscodeOrder?
        while order == nil {
            guard input.read(from: STDIN_FILENO) > 0, !input.isBroken else { exit(65) }
            if let read = input.next({ TranscodeOrder(frame: $0) }) {
                guard let read else { exit(65) }
                order = read
            }
        }
        guard let order, sillon_sandbox_allow_cpu(openingSeconds) == 0 else { exit(70) }
        do {
            if try encode(order, from: Int32(SILLON_HANDED_DESCRIPTOR)) {
                _ = write(TranscodeFrame.end, UnsafeRawBufferPointer(start: nil, count: 0))
            }
        } catch {
            HostAnswerFrame.encode(error).withUnsafeBytes { _ = write(TranscodeFrame.failed, $0) }
        }
        exit(0)
    }

    /// False when nobody wanted all of it.
    private static func encode(_ order: TranscodeOrder, from descriptor: Int32) throws(Failure) -> Bool {
        let decoder = try AudioDecoder(fd: descriptor, mode: .samples)
        let seconds = decoder.stream.durationMs.map { $0 / 1000 } ?? unknownSeconds
        guard sillon_sandbox_allow_cpu(UInt32(clamping: min(seconds, unknownSeconds) + spareSeconds)) == 0 else {
            exit(70)
        }
        let beginUs = (order.stretch?.beginUs ?? 0) + Int64(order.profile.fromMs) * 1000
        guard let stretch = Stretch(beginUs: beginUs, endUs: order.stretch?.endUs),
            try decoder.seek(toUs: stretch.beginUs)
        else { throw nothing(in: order) }
        var cutter = StretchCutter(stretch)
        var encoder: AudioEncoder?
        var isOver = false
        while !isOver {
            switch try decoder.nextBlock() {
            case .block(let block):
                let part = cutter.take(
                    frames: block.frameCount, rate: block.sampleRate, atUs: decoder.blockTimeUs)
                isOver = part.isLast
                guard !part.range.isEmpty else { continue }
                if encoder == nil {
                    let source = AudioEncoder.Source(
                        bits: decoder.bitsPerSample,
                        samples: StretchCutter.samples(in: stretch, of: decoder.exactDurationUs, block.sampleRate))
                    encoder = try AudioEncoder(order, source, first: block) { write(TranscodeFrame.bytes, $0) }
                }
                guard let encoder else { continue }
                guard try encoder.add(block, from: part.range.lowerBound, count: part.range.count) else { return false }
            case .needsPacket: try feed(decoder)
            case .skipped: continue
            case .end: isOver = true
            }
        }
        guard let encoder else { throw nothing(in: order) }
        return try encoder.finish()
    }

    /// What is damaged is passed over, and a file that breaks off is played as far as it goes.
    private static func feed(_ decoder: AudioDecoder) throws(Failure) {
        _ = try decoder.nextPacket()
        _ = try decoder.sendPacket()
    }

    private static func nothing(in order: TranscodeOrder) -> Failure {
        order.profile.fromMs > 0
            ? Failure(.corruptFile, "no audio could be decoded behind \(order.profile.fromMs) ms")
            : Failure(.corruptFile, "no audio could be decoded")
    }

    /// False when the other end is gone.
    private static func write(_ kind: UInt8, _ body: UnsafeRawBufferPointer) -> Bool {
        TranscodeFrame.head(kind, bodyBytes: body.count).withUnsafeBytes { writeAll($0) } && writeAll(body)
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var left = bytes
        while !left.isEmpty {
            let count = Glibc.write(STDOUT_FILENO, left.baseAddress, left.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            left = UnsafeRawBufferPointer(rebasing: left[count...])
        }
        return true
    }
}
