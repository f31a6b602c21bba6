import Foundation

func sine(_ x: Float) -> Float { Float(sin(Double(x))) }
func cosine(_ x: Float) -> Float { Float(cos(Double(x))) }

/// Hertz of a MIDI number in equal temperament, A4 = 440 Hz.
func frequency(ofPitch pitch: Int) -> Double {
    440 * pow(2, Double(pitch - 69) / 12)
}

/// A saw wave whose step is rounded off over two samples (PolyBLEP, Välimäki and Huovilainen, 2007).
struct SawWave {
    private var phase: Double
    private let step: Double

    init(frequency: Double, phase: Double = 0) {
        step = frequency / Double(SongSpec.sampleRate)
        self.phase = phase
    }

    mutating func next() -> Float {
        var value = 2 * phase - 1
        if phase < step {
            let t = phase / step
            value -= t + t - t * t - 1
        } else if phase > 1 - step {
            let t = (phase - 1) / step
            value -= t * t + t + t + 1
        }
        phase += step
        if phase >= 1 { phase -= 1 }
        return Float(value)
    }
}

/// A sine by rotation of a point: two multiplications a sample instead of a library call.
struct SineWave {
    private var x: Double
    private var y: Double
    private let turnX: Double
    private let turnY: Double

    init(frequency: Double, phase: Double = 0) {
        let angle = 2 * Double.pi * frequency / Double(SongSpec.sampleRate)
        (turnX, turnY) = (cos(angle), sin(angle))
        (x, y) = (cos(phase), sin(phase))
    }

    mutating func next() -> Float {
        let value = y
        (x, y) = (x * turnX - y * turnY, x * turnY + y * turnX)
        return Float(value)
    }
}

/// A resonant low-pass of second order (state variable, trapezoidal; Simper, 2013).
struct LowPass {
    private var first: Float = 0
    private var second: Float = 0
    private let damping: Float

    init(resonance: Float) {
        damping = 1 / max(resonance, 0.5)
    }

    mutating func next(_ input: Float, cutoff: Double) -> Float {
        let limited = min(cutoff, Double(SongSpec.sampleRate) * 0.45)
        let g = Float(tan(Double.pi * limited / Double(SongSpec.sampleRate)))
        let a1 = 1 / (1 + g * (g + damping))
        let v3 = input - second
        let v1 = a1 * first + g * a1 * v3
        let v2 = second + g * v1
        first = 2 * v1 - first
        second = 2 * v2 - second
        return v2
    }
}
