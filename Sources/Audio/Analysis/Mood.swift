import Domain
import Foundation

/// Five words for a piece, 0…1 each, as plain functions of what was measured: no judgement, and none of it learned.
///
/// With `ramp(x, a, b)` = 0 up to a, 1 from b, straight between; frequencies on a logarithmic scale; without a tempo 0:
/// - pace = ramp(tempo, 60, 140); density = ramp(onsets a second, 1, 7); light = ramp(centroid, 400 Hz, 2500 Hz)
/// - **energetic** = 0.4 density + 0.2 pace + 0.2 light + 0.2 ramp(quiet level, −25 dB, −5 dB)
/// - **calm** = 0.5 (1 − density) + 0.25 (1 − pace) + 0.25 (1 − light)
/// - **bright** = 0.6 light + 0.4 ramp(roll-off, 1500 Hz, 7000 Hz)
/// - **dark** = 0.7 (1 − light) + 0.3 minor, where minor = 0.5 + 0.5 × the key's confidence in minor, 0.5 − … in major
/// - **danceable** = ∛(steady × clear × movable): steady = 1 − ramp(beat deviation, 0.01, 0.12), clear = ramp(beat
///   strength, 3, 10), movable = exp(−½ (octaves of the tempo from 118 BPM / 0.5)²)
///
/// None of it depends on gain.
struct Mood {
    private let analysis: AudioAnalysis
    private let details: AudioDetails

    init(_ analysis: AudioAnalysis, _ details: AudioDetails) {
        (self.analysis, self.details) = (analysis, details)
    }

    /// Nil where a measurement that it needs is missing.
    var words: AudioDetails.Mood {
        var words = AudioDetails.Mood()
        if let light {
            words.bright = rolloff.map { Self.rounded(0.6 * light + 0.4 * $0) }
            words.dark = Self.rounded(0.7 * (1 - light) + 0.3 * minor)
        }
        if let light, let density {
            words.calm = Self.rounded(0.5 * (1 - density) + 0.25 * (1 - pace) + 0.25 * (1 - light))
            words.energetic = steadyLevel.map { Self.rounded(0.4 * density + 0.2 * pace + 0.2 * light + 0.2 * $0) }
        }
        if density != nil { words.danceable = danceable.map(Self.rounded) }
        return words
    }

    private var pace: Double { Self.ramp(analysis.tempoBpm ?? 0, 60, 140) }
    private var density: Double? { details.rhythm?.onsetsPerSecond.map { Self.ramp($0, 1, 7) } }
    private var light: Double? { details.timbre?.centroidHz.map { Self.ramp(log(max(1, $0)), log(400), log(2500)) } }
    private var rolloff: Double? { details.timbre?.rolloffHz.map { Self.ramp(log(max(1, $0)), log(1500), log(7000)) } }
    private var steadyLevel: Double? { details.loudness?.quietLevelDb.map { Self.ramp($0, -25, -5) } }

    private var minor: Double {
        guard let key = analysis.key else { return 0.5 }
        let sign = key.hasSuffix("minor") ? 1.0 : -1.0
        return 0.5 + 0.5 * sign * (analysis.keyConfidence ?? 0)
    }

    private var danceable: Double? {
        guard let tempo = analysis.tempoBpm else { return 0 }
        // Of windows, and of what was thinned out, beats are not measured.
        guard let deviation = details.rhythm?.beatDeviation, let strength = details.rhythm?.beatStrength else {
            return nil
        }
        let steady = 1 - Self.ramp(deviation, 0.01, 0.12)
        let movable = exp(-0.5 * pow(log2(tempo / 118) / 0.5, 2))
        return cbrt(steady * Self.ramp(strength, 3, 10) * movable)
    }

    private static func ramp(_ x: Double, _ low: Double, _ high: Double) -> Double {
        min(1, max(0, (x - low) / (high - low)))
    }

    /// More digits would promise what no formula keeps.
    private static func rounded(_ x: Double) -> Double { (x * 1000).rounded() / 1000 }
}
