import Foundation

/// Largest sample magnitude over all channels. Result in dBFS.
struct SamplePeak {
    private(set) var magnitude: Float = 0

    mutating func add(_ block: AudioBlock) {
        for channel in 0..<block.channelCount {
            magnitude = max(magnitude, Self.largest(block.plane(channel), block.frameCount))
        }
    }

    /// Nil for digital silence.
    var decibels: Double? { magnitude > 0 ? 20 * log10(Double(magnitude)) : nil }

    static func largest(_ samples: UnsafePointer<Float>, _ count: Int) -> Float {
        var wide = SIMD8<Float>.zero
        let raw = UnsafeRawPointer(samples)
        var i = 0
        while i &+ 8 <= count {
            let x = raw.loadUnaligned(fromByteOffset: i &* 4, as: SIMD8<Float>.self)
            let magnitude = unsafeBitCast(unsafeBitCast(x, to: SIMD8<UInt32>.self) & 0x7fff_ffff, to: SIMD8<Float>.self)
            wide.replace(with: magnitude, where: magnitude .> wide)
            i &+= 8
        }
        var result = wide.max()
        while i < count {
            result = max(result, abs(samples[i]))
            i &+= 1
        }
        return result
    }
}
