/// Everything that is measured on the mono 22,050 Hz stream: three spectra over one short history.
final class ToneMeters {
    /// Longest stretch that tempo, key and features look at, in samples: two hours. The rest counts for loudness only.
    private static let maxSamples = 2 * 3600 * Resampler.outputRate

    let flux = OnsetFlux()
    let timbre = TimbreFrames()
    let peaks = SpectralPeaks()
    let spectrum = MeanSpectrum()
    private(set) var crossings = ZeroCrossings()
    private let onsetSpectra = SpectrumStream(size: OnsetFlux.size, hop: OnsetFlux.hop)
    private let timbreSpectra = SpectrumStream(size: TimbreFrames.size, hop: TimbreFrames.hop)
    private let tonalSpectra = SpectrumStream(size: SpectralPeaks.size, hop: SpectralPeaks.hop)
    private let history = MonoHistory(capacity: 2 * SpectralPeaks.size + 2 * MonoStream.maxRun)

    var seconds: Double { Double(history.end) / Double(Resampler.outputRate) }

    /// Up to `MonoStream.maxRun` samples.
    func add(_ samples: UnsafePointer<Float>, _ count: Int) {
        guard history.end < Self.maxSamples else { return }
        history.append(samples, count)
        crossings.add(samples, count)
        while let spectrum = onsetSpectra.advance(over: history) { flux.add(spectrum) }
        while let spectrum = timbreSpectra.advance(over: history) {
            timbre.add(spectrum, bins: timbreSpectra.bins)
            self.spectrum.add(spectrum)
        }
        while let spectrum = tonalSpectra.advance(over: history) { peaks.add(spectrum) }
        history.drop(before: min(onsetSpectra.next, timbreSpectra.next, tonalSpectra.next))
    }
}
