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

    /// Compares bit patterns: those of magnitudes sort like the magnitudes, and integers need no care for NaN.
    static func largest(_ samples: UnsafePointer<Float>, _ count: Int) -> Float {
        var largest: UInt32 = 0
        for i in 0..<count {
            let magnitude = samples[i].bitPattern & 0x7fff_ffff
            largest = largest > magnitude ? largest : magnitude
        }
        return Float(bitPattern: largest)
    }
}
