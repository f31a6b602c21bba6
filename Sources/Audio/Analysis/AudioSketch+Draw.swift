import Domain

extension AudioSketch {
    /// Seconds of one value of the loudness curves.
    private static let loudnessSeconds = 0.1

    /// Fills in the curves, each reduced to `Curve.columnsMax` columns.
    mutating func draw(waveform: Waveform?, loudness: LoudnessMeter, music: MusicReport?) {
        if let waveform { (lowest, highest) = waveform.curves }
        if let curves = loudness.curves {
            // A window stands for its end, as on a meter.
            momentary = Curve(curves.momentary, seconds: Self.loudnessSeconds, from: 0.4)
            shortTerm = Curve(curves.shortTerm, seconds: Self.loudnessSeconds, from: 3)
        }
        guard let music else { return }
        beats = music.beats?.seconds ?? []
        let strength = music.onsets?.values ?? []
        let strongest = max(strength.max() ?? 0, .leastNormalMagnitude)
        onsets = Curve(
            strength.map { $0 / strongest }, seconds: 1 / OnsetFlux.framesPerSecond,
            from: OnsetCurve.seconds(frame: 0))
        chroma = Curve(music.chroma)
    }
}

extension AudioSketch.Curve {
    /// The largest of each few values, so that no peak is lost.
    fileprivate init(_ values: [Float], seconds: Double, from start: Double) {
        let step = Self.step(values.count)
        let reduced = stride(from: 0, to: values.count, by: step).map { index in
            values[index..<min(values.count, index + step)].max() ?? 0
        }
        self.init(columnSeconds: seconds * Double(step), startSeconds: start, values: reduced)
    }

    /// The mean of each few frames.
    fileprivate init(_ chroma: Chroma) {
        let (step, classes) = (Self.step(chroma.frames), Chroma.classes)
        let reduced = stride(from: 0, to: chroma.frames, by: step).flatMap { first -> [Float] in
            let last = min(chroma.frames, first + step)
            return (0..<classes).map { pitchClass in
                (first..<last).reduce(0) { $0 + chroma.values[$1 * classes + pitchClass] } / Float(last - first)
            }
        }
        let seconds = Double(SpectralPeaks.hop) / Double(Resampler.outputRate)
        // A frame of two hops stands for its middle half.
        self.init(columnSeconds: seconds * Double(step), startSeconds: seconds / 2, values: reduced)
    }

    /// Values that become one.
    private static func step(_ count: Int) -> Int { max(1, (count + columnsMax - 1) / columnsMax) }
}
