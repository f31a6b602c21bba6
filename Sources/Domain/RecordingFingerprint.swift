import Foundation

/// A Chromaprint fingerprint, unpacked: 32 bits for each eighth of a second of a recording.
///
/// Two encodings of one recording differ in a few bits out of a hundred, other recordings in nearly half of them.
/// Source: L. Lalinský, "How does Chromaprint work?", 2011; the packing is that of `chromaprint_get_fingerprint`.
package struct RecordingFingerprint: Hashable, Sendable {
    package let items: [UInt32]

    /// Items a second at 11,025 Hz and a step of 1365 samples.
    package static let itemsPerSecond = 11_025.0 / 1365
    /// No text holds more: over an hour, where the analyser keeps two minutes.
    private static let maxItems = 1 << 15
    /// Starts that were cut or padded by up to this much are looked for.
    private static let maxShiftSeconds = 10.0
    /// Shorter overlaps say nothing.
    private static let minOverlapSeconds = 10.0

    package init(items: [UInt32]) {
        self.items = items
    }

    /// Nil for what is no fingerprint.
    package init?(text: String) {
        guard let bytes = Self.decodeBase64(text), bytes.count >= 4 else { return nil }
        let count = Int(bytes[1]) << 16 | Int(bytes[2]) << 8 | Int(bytes[3])
        guard count <= Self.maxItems, let items = Self.unpack(bytes.dropFirst(4), count) else { return nil }
        self.items = items
    }

    package var durationMs: Int { Self.milliseconds(items.count) }

    /// Different items. Silence and held tones have a few, and are alike whatever they belong to.
    package var variety: Int { Set(items).count }

    /// Where the two lie best upon each other; nil when they overlap too little.
    package func match(_ other: RecordingFingerprint) -> FingerprintMatch? {
        let reach = Int(Self.maxShiftSeconds * Self.itemsPerSecond)
        return (-reach...reach).compactMap { match(other, shiftedBy: $0) }.min { one, other in
            (one.bitErrorRate, abs(one.offsetMs)) < (other.bitErrorRate, abs(other.offsetMs))
        }
    }

    private func match(_ other: RecordingFingerprint, shiftedBy shift: Int) -> FingerprintMatch? {
        let (from, otherFrom) = (max(0, shift), max(0, -shift))
        let overlap = min(items.count - from, other.items.count - otherFrom)
        guard Double(overlap) >= Self.minOverlapSeconds * Self.itemsPerSecond else { return nil }
        var bits = 0
        items.withUnsafeBufferPointer { items in
            other.items.withUnsafeBufferPointer { others in
                for place in 0..<overlap { bits &+= (items[from + place] ^ others[otherFrom + place]).nonzeroBitCount }
            }
        }
        return FingerprintMatch(
            bitErrorRate: Double(bits) / Double(32 * overlap), overlapMs: Self.milliseconds(overlap),
            offsetMs: Self.milliseconds(shift))
    }

    private static func milliseconds(_ items: Int) -> Int { Int((Double(items) * 1000 / itemsPerSecond).rounded()) }

    // MARK: Packing

    /// Base 64 with the alphabet for addresses, without padding.
    private static func decodeBase64(_ text: String) -> [UInt8]? {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        return Data(base64Encoded: standard + padding).map(Array.init)
    }

    /// Each item is told by the bits that differ from the item before: the steps from one such bit to the next, each in
    /// three bits, ended by a zero. Seven means that the rest of the step stands in five bits behind all of these.
    private static func unpack(_ bytes: ArraySlice<UInt8>, _ count: Int) -> [UInt32]? {
        var steps: [Int] = []
        var small = BitReader(bytes)
        var ends = 0
        while ends < count {
            guard let step = small.read(3) else { return nil }
            if step == 0 { ends += 1 }
            steps.append(step)
        }
        var large = BitReader(small.rest)
        for place in steps.indices where steps[place] == 7 {
            guard let more = large.read(5) else { return nil }
            steps[place] += more
        }
        return items(steps)
    }

    private static func items(_ steps: [Int]) -> [UInt32]? {
        var items: [UInt32] = []
        var (changed, bit) = (UInt32(0), 0)
        for step in steps {
            if step == 0 {
                items.append((items.last ?? 0) ^ changed)
                (changed, bit) = (0, 0)
            } else {
                bit += step
                guard bit <= 32 else { return nil }
                changed |= 1 << UInt32(bit - 1)
            }
        }
        return items
    }
}

/// Reads numbers of a few bits, the lowest bit first.
private struct BitReader {
    private let bytes: ArraySlice<UInt8>
    private var place = 0

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// The whole bytes of which nothing was read.
    var rest: ArraySlice<UInt8> { bytes.dropFirst((place + 7) / 8) }

    /// Nil at the end.
    mutating func read(_ count: Int) -> Int? {
        guard place + count <= bytes.count * 8 else { return nil }
        var value = 0
        for bit in 0..<count {
            let (byte, shift) = ((place + bit) / 8, (place + bit) % 8)
            value |= Int(bytes[bytes.startIndex + byte] >> UInt8(shift) & 1) << bit
        }
        place += count
        return value
    }
}
