import Domain

/// The pass over one file: packets into the hash, blocks into the meters.
struct AnalysisSession {
    private let stream: AudioDecoder.Stream
    private var hasher: ContentHasher
    private var clock = DecodedClock()
    private var packets = 0
    private var damagedPackets = 0
    private var gaveUp = false
    private var peak = SamplePeak()

    init(stream: AudioDecoder.Stream) {
        self.stream = stream
        hasher = ContentHasher(codec: stream.codec)
    }

    mutating func run(_ decoder: AudioDecoder) throws(Failure) {
        while true {
            let result = try decoder.nextPacket()
            switch result {
            case .packet(let bytes):
                packets += 1
                hasher.add(bytes)
                try decode(decoder)
            case .broken:
                gaveUp = true
                fallthrough
            case .end:
                try decode(decoder)
                return
            }
        }
    }

    private mutating func decode(_ decoder: AudioDecoder) throws(Failure) {
        if try !decoder.sendPacket() { damagedPackets += 1 }
        while true {
            switch try decoder.nextBlock() {
            case .block(let block): take(block)
            case .skipped: damagedPackets += 1; return
            case .needsPacket, .end: return
            }
        }
    }

    private mutating func take(_ block: AudioBlock) {
        clock.add(block)
        peak.add(block)
    }

    func finish() throws(Failure) -> AudioAnalysis {
        guard packets > 0, clock.blocks > 0 || damagedPackets == 0 else {
            throw Failure(.corruptFile, "none of \(packets) audio packets could be decoded")
        }
        var analysis = AudioAnalysis(
            contentKey: hasher.key(), version: AudioAnalysis.currentVersion, status: .complete,
            durationMs: clock.milliseconds, sampleRate: clock.sampleRate ?? stream.sampleRate ?? 0,
            channels: clock.channels ?? stream.channels ?? 0)
        analysis.samplePeakDb = peak.decibels
        return analysis
    }
}
