import CChromaprint

/// Chromaprint's fingerprint of the first two minutes, in the compressed text that AcoustID looks up.
///
/// Fed with mono at 22,050 Hz, which Chromaprint halves. Memory: bounded by the two minutes, some hundred kilobytes.
final class Fingerprint {
    /// As long as AcoustID's own tool listens.
    static let maxSeconds = 120

    private let context: OpaquePointer
    private var samplesLeft = maxSeconds * Resampler.outputRate
    private var hasFailed = false
    private var scaled: [Int16] = []

    /// Nil when there is no memory.
    init?() {
        guard let context = chromaprint_new(sillon_fingerprint_algorithm) else { return nil }
        self.context = context
        hasFailed = chromaprint_start(context, Int32(Resampler.outputRate), 1) != 1
        scaled.reserveCapacity(MonoStream.maxRun)
    }

    deinit {
        chromaprint_free(context)
    }

    /// Up to `MonoStream.maxRun` samples.
    func add(_ samples: UnsafePointer<Float>, _ count: Int) {
        let taken = min(count, samplesLeft)
        guard taken > 0, !hasFailed else { return }
        samplesLeft -= taken
        scaled.removeAll(keepingCapacity: true)
        for index in 0..<taken { scaled.append(Int16(max(-1, min(1, samples[index])) * 32_767)) }
        hasFailed = chromaprint_feed(context, scaled, Int32(clamping: taken)) != 1
    }

    /// Once, after the last sample. Nil for what is too short to have one (some three seconds).
    func finish() -> String? {
        var size: Int32 = 0
        guard !hasFailed, chromaprint_finish(context) == 1,
            chromaprint_get_raw_fingerprint_size(context, &size) == 1, size > 0
        else { return nil }
        var text: UnsafeMutablePointer<CChar>?
        guard chromaprint_get_fingerprint(context, &text) == 1, let text else { return nil }
        defer { chromaprint_dealloc(text) }
        return String(cString: text)
    }
}
