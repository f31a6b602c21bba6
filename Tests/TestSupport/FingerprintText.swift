import Domain
import Foundation

/// Packs items as Chromaprint does, so that tests can make up recordings.
package enum FingerprintText {
    package static func pack(_ items: [UInt32]) -> String {
        var (small, large) = (Bits(), Bits())
        var previous: UInt32 = 0
        for item in items {
            let changed = item ^ previous
            var last = 0
            for bit in 1...32 where changed >> UInt32(bit - 1) & 1 == 1 {
                let step = bit - last
                small.append(min(step, 7), 3)
                if step >= 7 { large.append(step - 7, 5) }
                last = bit
            }
            small.append(0, 3)
            previous = item
        }
        let count = items.count
        let header = [1, UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
        let text = Data(header + small.bytes + large.bytes).base64EncodedString()
        return text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// As many as `seconds` have, from a seed.
    package static func items(seed: UInt64, seconds: Int) -> [UInt32] {
        var random = SplitMix64(seed: seed)
        return (0..<seconds * 8).map { _ in UInt32.random(in: .min ... .max, using: &random) }
    }

    /// As another encoding would have them: so many of a hundred bits differ.
    package static func noisy(_ items: [UInt32], percent: Int, seed: UInt64) -> [UInt32] {
        var random = SplitMix64(seed: seed)
        return items.map { item in
            (0..<32).reduce(item) { $0 ^ (Int.random(in: 0..<100, using: &random) < percent ? 1 << UInt32($1) : 0) }
        }
    }
}

private struct Bits {
    private(set) var bytes: [UInt8] = []
    private var count = 0

    mutating func append(_ value: Int, _ width: Int) {
        for bit in 0..<width {
            if count.isMultiple(of: 8) { bytes.append(0) }
            if value >> bit & 1 == 1 { bytes[bytes.count - 1] |= 1 << UInt8(count % 8) }
            count += 1
        }
    }
}
