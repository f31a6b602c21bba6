import Foundation

/// Renders single notes. Each function returns mono samples that begin and end at silence.
struct Voice: Sendable {
    let timbre: Timbre

    /// - Parameter random: only the strings use it, for the noise of the pluck.
    func render(_ note: Note, random: inout SeededRandom) -> [Float] {
        let hertz = frequency(ofPitch: note.pitch)
        if note.part == .bass { return Self.bass(hertz, seconds: note.seconds, bright: timbre == .synth) }
        switch timbre {
        case .strings: return Self.string(hertz, seconds: note.seconds, random: &random)
        case .organ: return Self.organ(hertz, seconds: note.seconds)
        case .bells: return Self.modulated(hertz, ratio: 3.51, index: 3.2, decay: 1.4, seconds: note.seconds + 1.5)
        case .keys: return Self.modulated(hertz, ratio: 1, index: 1.6, decay: 0.9, seconds: note.seconds + 0.2)
        case .synth: return Self.lead(hertz, seconds: note.seconds)
        case .pads: return Self.pad(hertz, seconds: note.seconds)
        }
    }

    private static let rate = Double(SongSpec.sampleRate)

    /// Samples with a linear attack and release applied to what `body` gives for each index.
    private static func shaped(
        seconds: Double, attack: Double, release: Double, _ body: (Int) -> Float
    ) -> [Float] {
        let held = max(1, Int(seconds * rate))
        let tail = max(1, Int(release * rate))
        let rise = max(1, Int(attack * rate))
        return (0..<(held + tail)).map { index in
            let up = min(1, Float(index) / Float(rise))
            let down = index < held ? 1 : 1 - Float(index - held) / Float(tail)
            return body(index) * up * down
        }
    }

    /// A plucked string (Karplus and Strong, 1983) with a fractional delay so that it is in tune.
    private static func string(_ hertz: Double, seconds: Double, random: inout SeededRandom) -> [Float] {
        let period = rate / hertz - 0.5
        let length = max(2, Int(period))
        let fraction = Float(period - Double(length))
        var line = (0..<(length + 1)).map { _ in random.noise() }
        // A soft finger: the burst is smoothed before it sounds.
        for index in 1..<line.count { line[index] = 0.5 * line[index] + 0.5 * line[index - 1] }
        var position = 0
        var previous: Float = 0
        let loss = Float(pow(0.001, 1 / (hertz * 2.8)))
        return shaped(seconds: seconds + 0.8, attack: 0.001, release: 0.15) { _ in
            let next = (position + 1) % line.count
            let delayed = line[next] + fraction * (line[position] - line[next])
            let value = loss * 0.5 * (delayed + previous)
            previous = delayed
            line[position] = value
            position = next
            return delayed
        }
    }

    private static func organ(_ hertz: Double, seconds: Double) -> [Float] {
        let drawbars: [(Double, Float)] = [(0.5, 0.4), (1, 0.8), (1.5, 0.35), (2, 0.5), (3, 0.25), (4, 0.2), (6, 0.08)]
        var partials = drawbars.filter { $0.0 * hertz < 18_000 }.map { (SineWave(frequency: $0.0 * hertz), $0.1) }
        var rotor = SineWave(frequency: 6.1)
        return shaped(seconds: seconds, attack: 0.008, release: 0.06) { _ in
            var sum: Float = 0
            for index in partials.indices { sum += partials[index].0.next() * partials[index].1 }
            return sum * 0.45 * (1 + 0.12 * rotor.next())
        }
    }

    /// Two-operator frequency modulation (Chowning, 1973); the index and the level decay together.
    private static func modulated(
        _ hertz: Double, ratio: Double, index: Double, decay: Double, seconds: Double
    ) -> [Float] {
        var modulator = SineWave(frequency: hertz * ratio)
        let step = 2 * Double.pi * hertz / rate
        let fall = exp(-1 / (decay * rate))
        var level = 1.0
        return shaped(seconds: seconds, attack: 0.003, release: 0.2) { sample in
            level *= fall
            let angle = step * Double(sample) + index * level * Double(modulator.next())
            return Float(sin(angle) * level)
        }
    }

    private static func lead(_ hertz: Double, seconds: Double) -> [Float] {
        var waves = [SawWave(frequency: hertz), SawWave(frequency: hertz * 1.006, phase: 0.3)]
        var filter = LowPass(resonance: 1.4)
        let fall = exp(-1 / (0.25 * rate))
        var envelope = 1.0
        return shaped(seconds: seconds, attack: 0.005, release: 0.08) { _ in
            envelope *= fall
            let sum = waves[0].next() + waves[1].next()
            return filter.next(sum * 0.4, cutoff: 900 + 5000 * envelope)
        }
    }

    private static func pad(_ hertz: Double, seconds: Double) -> [Float] {
        var waves = [0.994, 1, 1.007].map {
            SawWave(frequency: hertz * $0, phase: $0.truncatingRemainder(dividingBy: 0.7))
        }
        var filter = LowPass(resonance: 0.8)
        var sweep = SineWave(frequency: 0.13)
        return shaped(seconds: seconds, attack: 0.5, release: 0.9) { _ in
            var sum: Float = 0
            for index in waves.indices { sum += waves[index].next() }
            return filter.next(sum * 0.3, cutoff: 1100 + 500 * Double(sweep.next()))
        }
    }

    private static func bass(_ hertz: Double, seconds: Double, bright: Bool) -> [Float] {
        var saw = SawWave(frequency: hertz)
        var sub = SineWave(frequency: hertz)
        var filter = LowPass(resonance: bright ? 2.5 : 0.9)
        let fall = exp(-1 / (0.18 * rate))
        var envelope = 1.0
        return shaped(seconds: seconds, attack: 0.004, release: 0.05) { _ in
            envelope *= fall
            let shape = filter.next(saw.next(), cutoff: (bright ? 300 : 180) + (bright ? 2400 : 400) * envelope)
            return 0.5 * shape + 0.6 * sub.next()
        }
    }
}
