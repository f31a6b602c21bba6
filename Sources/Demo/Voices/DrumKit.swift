import Foundation

/// Three drums made of noise and falling sines, rendered once for a song.
struct DrumKit: Sendable {
    private let sounds: [Hit.Drum: [Float]]

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed ^ 0xD2)
        sounds = [
            .kick: Self.kick(), .snare: Self.snare(random: &random), .hat: Self.hat(random: &random),
        ]
    }

    func sound(_ drum: Hit.Drum) -> [Float] { sounds[drum] ?? [] }

    private static let rate = Double(SongSpec.sampleRate)

    private static func kick() -> [Float] {
        var phase = 0.0
        return (0..<Int(0.35 * rate)).map { index in
            let time = Double(index) / rate
            phase += 2 * Double.pi * (46 + 120 * exp(-time * 32)) / rate
            return Float(sin(phase) * exp(-time * 11))
        }
    }

    private static func snare(random: inout SeededRandom) -> [Float] {
        var previous: Float = 0
        return (0..<Int(0.22 * rate)).map { index in
            let time = Double(index) / rate
            let white = random.noise()
            // The difference of neighbours is a simple high-pass.
            let bright = white - previous
            previous = white
            let tone = sin(2 * Double.pi * 185 * time) * exp(-time * 26)
            return 0.55 * bright * Float(exp(-time * 20)) + 0.5 * Float(tone)
        }
    }

    private static func hat(random: inout SeededRandom) -> [Float] {
        var first: Float = 0
        var second: Float = 0
        return (0..<Int(0.07 * rate)).map { index in
            let white = random.noise()
            let bright = white - 2 * first + second
            (first, second) = (white, first)
            return 0.25 * bright * Float(exp(-Double(index) / rate * 60))
        }
    }
}
