/// Everything that is measured on the mono 22,050 Hz stream: three spectra over one short history.
final class ToneMeters {
    let flux = OnsetFlux()
    let timbre = TimbreFrames()
    let peaks = SpectralPeaks()
    let spectrum = MeanSpectrum()
    private(set) var crossings = ZeroCrossings()
    private let onsetSpectra = SpectrumStream(size: OnsetFlux.size, hop: OnsetFlux.hop)
    private let timbreSpectra = SpectrumStream(size: TimbreFrames.size, hop: TimbreFrames.hop)
    private let tonalSpectra = SpectrumStream(size: SpectralPeaks.size, hop: SpectralPeaks.hop)
    private let history = MonoHistory(capacity: 2 * SpectralPeaks.size + 2 * MonoStream.maxRun)

    /// Samples in the series.
    private var kept = 0

    /// What was listened to, also when it was forgotten later.
    var seconds: Double { Double(history.end) / Double(Resampler.outputRate) }
    /// As much is kept as may be: time to thin.
    var isFull: Bool { kept >= ListeningPlan.maxStretches * ListeningPlan.stretchSamples }

    /// Up to `MonoStream.maxRun` samples.
    func add(_ samples: UnsafePointer<Float>, _ count: Int) {
        history.append(samples, count)
        crossings.add(samples, count)
        kept += count
        while let spectrum = onsetSpectra.advance(over: history) { flux.add(spectrum) }
        while let spectrum = timbreSpectra.advance(over: history) {
            timbre.add(spectrum, bins: timbreSpectra.bins)
            self.spectrum.add(spectrum)
        }
        while let spectrum = tonalSpectra.advance(over: history) { peaks.add(spectrum) }
        history.drop(before: min(onsetSpectra.next, timbreSpectra.next, tonalSpectra.next))
    }

    /// What comes next does not follow what was heard.
    func pause() {
        for spectra in [onsetSpectra, timbreSpectra, tonalSpectra] { spectra.restart(at: history.end) }
        history.drop(before: history.end)
        flux.pause()
        timbre.pause()
        peaks.pause()
    }

    /// Forgets every second stretch.
    func thin() {
        flux.thin()
        timbre.thin()
        peaks.thin()
        kept = timbre.count * TimbreFrames.hop
    }
}
