import Foundation

/// Spectral peaks of 60…2000 Hz, of every frame of 8192 / 4096 samples: what chroma is made of once the tuning is known.
///
/// Memory: 4 bytes for each peak, in practice about 1 kB for each second of audio.
final class SpectralPeaks {
    static let size = 8192
    static let hop = 4096

    /// A peak in four bytes: pitch to a tenth of a cent, weight to 0.03 %.
    struct Peak {
        private let pitchCode: UInt16
        private let weightCode: UInt16
        private static let pitchRange = (low: -64.0, width: 128.0)
        private static let weightRange = (low: -24.0, width: 32.0)

        init(pitch: Double, magnitude: Double) {
            pitchCode = Self.encode(pitch, Self.pitchRange)
            weightCode = Self.encode(log2(magnitude), Self.weightRange)
        }

        /// Semitones from A = 440 Hz.
        var pitch: Double { Self.decode(pitchCode, Self.pitchRange) }
        /// A full-scale sine has 1.
        var magnitude: Double { exp2(Self.decode(weightCode, Self.weightRange)) }

        private static func encode(_ value: Double, _ range: (low: Double, width: Double)) -> UInt16 {
            let step = ((value - range.low) / range.width * 65_535).rounded()
            return UInt16(min(65_535, max(0, step.isFinite ? step : 0)))
        }

        private static func decode(_ code: UInt16, _ range: (low: Double, width: Double)) -> Double {
            range.low + Double(code) / 65_535 * range.width
        }
    }

    private static let binWidth = Double(Resampler.outputRate) / Double(size)
    private static let bins = (low: Int(60 / binWidth), high: Int(2000 / binWidth))
    private static let floor: Float = 1e-5
    /// Part of the frame's largest magnitude that a peak must exceed.
    private static let relativeFloor: Float = 0.03

    private(set) var peaks: [Peak] = []
    /// Index behind the last peak of each frame.
    private(set) var frameEnds: [Int] = []
    private var tuningSum = SIMD2<Double>.zero
    private var stretches = Stretches()

    func add(_ spectrum: UnsafePointer<Float>) {
        var largest: Float = 0
        for bin in Self.bins.low...Self.bins.high { largest = max(largest, spectrum[bin]) }
        let threshold = max(Self.floor, Self.relativeFloor * largest)
        for bin in Self.bins.low...Self.bins.high {
            let magnitude = spectrum[bin]
            if magnitude > threshold && magnitude > spectrum[bin - 1] && magnitude >= spectrum[bin + 1] {
                add(bin: bin, of: spectrum)
            }
        }
        frameEnds.append(peaks.count)
    }

    /// Frequency from a parabola through the logarithms of the peak and its neighbours.
    private func add(bin: Int, of spectrum: UnsafePointer<Float>) {
        let left = log(Double(spectrum[bin - 1]) + 1e-9)
        let centre = log(Double(spectrum[bin]) + 1e-9)
        let right = log(Double(spectrum[bin + 1]) + 1e-9)
        let shift = 0.5 * (left - right) / (left - 2 * centre + right - 1e-12)
        let pitch = 12 * log2((Double(bin) + shift) * Self.binWidth / 440)
        let magnitude = Double(spectrum[bin])
        peaks.append(Peak(pitch: pitch, magnitude: magnitude))
        let angle = 2 * Double.pi * pitch
        tuningSum += magnitude.squareRoot() * SIMD2(cos(angle), sin(angle))
    }

    var ranges: [Range<Int>] { stretches.ranges(frameEnds.count) }

    /// What comes next does not follow what was heard.
    func pause() {
        stretches.close(at: frameEnds.count)
    }

    /// The tuning remains that of all that was heard.
    func thin() {
        let kept = stretches.thin(frameEnds.count, length: ListeningPlan.stretchSamples / Self.hop)
        let counts = frameEnds.indices.map { frameEnds[$0] - ($0 > 0 ? frameEnds[$0 - 1] : 0) }
        peaks.keep(
            rows: kept.map { ($0.lowerBound > 0 ? frameEnds[$0.lowerBound - 1] : 0)..<frameEnds[$0.upperBound - 1] })
        frameEnds = []
        for range in kept { for frame in range { frameEnds.append((frameEnds.last ?? 0) + counts[frame]) } }
    }

    /// How far the piece lies from A = 440 Hz, in semitones, −0.5…0.5.
    var tuning: Double {
        peaks.isEmpty ? 0 : atan2(tuningSum.y, tuningSum.x) / (2 * Double.pi)
    }
}
