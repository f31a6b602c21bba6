import CAudio
import Foundation

@testable import Audio

/// Made-up audio for tests: one array of samples for each channel.
struct Signal {
    var rate: Int
    var channels: [[Float]]

    static func sine(
        _ frequency: Double, seconds: Double, rate: Int = 48_000, amplitude: Double = 0.5, phase: Double = 0,
        channels: Int = 1
    ) -> Signal {
        let samples = (0..<Int(seconds * Double(rate))).map { index in
            Float(amplitude * sin(2 * .pi * frequency * Double(index) / Double(rate) + phase))
        }
        return Signal(rate: rate, channels: Array(repeating: samples, count: channels))
    }

    /// White, from a seed.
    static func noise(seconds: Double, rate: Int = 44_100, amplitude: Float = 0.5, seed: UInt64 = 1) -> Signal {
        var state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        let samples = (0..<Int(seconds * Double(rate))).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (Float(state >> 40) / Float(1 << 23) - 1) * amplitude
        }
        return Signal(rate: rate, channels: [samples])
    }

    /// Short decaying bursts, one for each beat.
    static func clicks(bpm: Double, seconds: Double, rate: Int = 44_100) -> Signal {
        var samples = [Float](repeating: 0, count: Int(seconds * Double(rate)))
        var beat = 0.0
        while beat < seconds - 0.2 {
            let start = Int(beat * Double(rate))
            for index in 0..<rate / 20 {
                let t = Double(index) / Double(rate)
                samples[start + index] += Float(0.8 * exp(-t * 80) * sin(2 * .pi * 900 * t))
            }
            beat += 60 / bpm
        }
        return Signal(rate: rate, channels: [samples])
    }

    /// Chords of a second each; every note has six overtones.
    static func chords(_ chords: [[Int]], rounds: Int, cents: Double = 0, rate: Int = 44_100) -> Signal {
        var samples: [Float] = []
        for _ in 0..<rounds {
            for chord in chords {
                for index in 0..<rate {
                    let t = Double(index) / Double(rate)
                    var value = 0.0
                    for note in chord {
                        let frequency = 440 * exp2((Double(note - 69) + cents / 100) / 12)
                        for overtone in 1...6 {
                            value += sin(2 * .pi * frequency * Double(overtone) * t) * pow(0.5, Double(overtone))
                        }
                    }
                    samples.append(Float(value * 0.1 * exp(-t)))
                }
            }
        }
        return Signal(rate: rate, channels: [samples])
    }

    func scaled(_ gain: Float) -> Signal {
        Signal(rate: rate, channels: channels.map { $0.map { $0 * gain } })
    }

    /// A tenth of a second of fade at each end.
    var faded: Signal {
        let ramp = rate / 10
        return Signal(
            rate: rate,
            channels: channels.map { samples in
                samples.enumerated().map { $1 * Float(min(ramp, $0, samples.count - 1 - $0)) / Float(ramp) }
            })
    }

    static func + (a: Signal, b: Signal) -> Signal {
        Signal(rate: a.rate, channels: zip(a.channels, b.channels).map { $0 + $1 })
    }

    /// Hands the signal out in blocks as a decoder would.
    func forEachBlock(of size: Int = 1152, loudness: [Float]? = nil, _ body: (AudioBlock) -> Void) {
        let count = channels[0].count
        for start in stride(from: 0, to: count, by: size) {
            let length = min(size, count - start)
            let planes = channels.map { channel in
                let copy = UnsafeMutablePointer<Float>.allocate(capacity: length)
                copy.initialize(from: Array(channel[start..<start + length]), count: length)
                return copy
            }
            defer { for plane in planes { plane.deallocate() } }
            var raw = sillon_block()
            raw.frames = Int32(length)
            raw.channels = Int32(channels.count)
            raw.sample_rate = Int32(rate)
            withUnsafeMutableBytes(of: &raw.planes) { bytes in
                let pointers = bytes.assumingMemoryBound(to: UnsafePointer<Float>?.self)
                for (index, plane) in planes.enumerated() { pointers[index] = UnsafePointer(plane) }
            }
            withUnsafeMutableBytes(of: &raw.downmix) { bytes in
                let weights = bytes.assumingMemoryBound(to: Float.self)
                for index in channels.indices { weights[index] = 1 / Float(channels.count) }
            }
            withUnsafeMutableBytes(of: &raw.loudness) { bytes in
                let weights = bytes.assumingMemoryBound(to: Float.self)
                for index in channels.indices { weights[index] = loudness?[index] ?? 1 }
            }
            body(AudioBlock(raw))
        }
    }

    /// A WAV file of 32-bit floats.
    var wav: Data {
        let frames = channels[0].count
        var interleaved: [Float] = []
        interleaved.reserveCapacity(frames * channels.count)
        for frame in 0..<frames {
            for channel in channels { interleaved.append(channel[frame]) }
        }
        let body = interleaved.withUnsafeBytes { Data($0) }
        var data = Data("RIFF".utf8)
        let append32 = { (value: Int) in withUnsafeBytes(of: UInt32(value).littleEndian) { data.append(contentsOf: $0) }
        }
        let append16 = { (value: Int) in withUnsafeBytes(of: UInt16(value).littleEndian) { data.append(contentsOf: $0) }
        }
        append32(36 + body.count)
        data.append(Data("WAVEfmt ".utf8))
        append32(16)
        append16(3)
        append16(channels.count)
        append32(rate)
        append32(rate * channels.count * 4)
        append16(channels.count * 4)
        append16(32)
        data.append(Data("data".utf8))
        append32(body.count)
        return data + body
    }
}
