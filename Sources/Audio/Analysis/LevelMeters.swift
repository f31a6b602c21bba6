import Domain

/// Everything that is measured on the samples as they are, at the file's own rate.
struct LevelMeters {
    private(set) var peaks: PeakMeter
    private(set) var loudness: LoudnessMeter
    private var silence = EdgeSilence()
    private var clipping = Clipping()
    private var width = StereoWidth()
    private let spectrum = NativeSpectrum()

    /// - Parameter draws: Keep the curves of loudness.
    init(_ oversampling: PeakMeter.Oversampling = .needed, draws: Bool = false) {
        peaks = PeakMeter(oversampling)
        loudness = LoudnessMeter(curves: draws)
    }

    mutating func add(_ block: AudioBlock) {
        peaks.add(block)
        loudness.add(block)
        silence.add(block)
        clipping.add(block)
        width.add(block)
        spectrum.add(block)
    }

    var loudnessDetails: AudioDetails.Loudness {
        var details = AudioDetails.Loudness()
        (details.maxMomentaryLufs, details.maxShortTermLufs) = loudness.maxima()
        if let peak = peaks.trueDecibels, let integrated = loudness.integrated() {
            details.peakToLoudnessDb = peak - integrated
        }
        return details
    }

    /// - Parameter trimming: What the decoder was told to cut off.
    func edges(trimming: AudioDecoder.Trimming?) -> AudioDetails.Edges {
        var edges = AudioDetails.Edges()
        (edges.silenceStartMs, edges.silenceEndMs) = (silence.milliseconds?.start, silence.milliseconds?.end)
        (edges.encoderDelaySamples, edges.encoderPaddingSamples) = (trimming?.start, trimming?.end)
        return edges
    }

    func signal(codec: String) -> AudioDetails.Signal {
        var signal = AudioDetails.Signal()
        signal.clippedRuns = clipping.runs
        (signal.sideDb, signal.isMonoAsStereo) = (width.sideDb, width.isMono)
        if let power = spectrum.power {
            let bandwidth = Bandwidth(power: power, sampleRate: spectrum.sampleRate)
            signal.bandwidthHz = Int(bandwidth.hertz.rounded())
            signal.suspicions = bandwidth.suspicions(codec: codec)
        }
        return signal
    }
}
