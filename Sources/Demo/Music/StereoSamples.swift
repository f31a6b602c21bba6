/// Two channels of equal length, full scale at ±1.
package struct StereoSamples: Sendable {
    package var left: [Float]
    package var right: [Float]

    package init(count: Int) {
        left = [Float](repeating: 0, count: count)
        right = left
    }

    package var count: Int { left.count }

    package var peak: Float {
        zip(left, right).reduce(0) { max($0, abs($1.0), abs($1.1)) }
    }

    /// Adds a mono sound at `start`, cut at the end. `pan` is -1 (left) … 1 (right), with equal power.
    package mutating func add(_ sound: [Float], at start: Int, gain: Float, pan: Float) {
        let angle = (pan + 1) * Float.pi / 4
        let (leftGain, rightGain) = (gain * cosine(angle), gain * sine(angle))
        let first = max(0, start)
        let end = min(count, start + sound.count)
        guard first < end else { return }
        for index in first..<end {
            let sample = sound[index - start]
            left[index] += sample * leftGain
            right[index] += sample * rightGain
        }
    }

    /// Signed 16-bit samples, interleaved, little-endian.
    package var pcm16: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * 4)
        for index in 0..<count {
            for sample in [left[index], right[index]] {
                let scaled = Int16((min(max(sample, -1), 1) * 32_767).rounded())
                bytes.append(UInt8(truncatingIfNeeded: scaled))
                bytes.append(UInt8(truncatingIfNeeded: scaled >> 8))
            }
        }
        return bytes
    }
}
