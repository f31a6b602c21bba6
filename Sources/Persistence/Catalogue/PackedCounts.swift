/// The counts of a histogram as bytes: LEB128 each, and a zero is followed by the number of zeros that follow it.
///
/// A track's loudness takes some hundred bytes this way instead of three thousand.
enum PackedCounts {
    /// More bins than this are no histogram.
    static let binsMax = 4096

    /// Nil when there are more than `binsMax`.
    static func bytes(of counts: [UInt32]) -> [UInt8]? {
        guard counts.count <= binsMax else { return nil }
        var bytes: [UInt8] = []
        var index = 0
        while index < counts.count {
            append(counts[index], to: &bytes)
            index += 1
            guard bytes.last == 0 else { continue }
            let end = counts[index...].firstIndex { $0 != 0 } ?? counts.count
            append(UInt32(clamping: end - index), to: &bytes)
            index = end
        }
        return bytes
    }

    /// Nil when the bytes are not of this form.
    static func counts(in bytes: [UInt8]) -> [UInt32]? {
        var rest = bytes[...]
        var counts: [UInt32] = []
        while !rest.isEmpty {
            guard let count = takeNumber(&rest), counts.count < binsMax else { return nil }
            counts.append(count)
            guard count == 0 else { continue }
            guard let zeros = takeNumber(&rest), zeros <= binsMax - counts.count else { return nil }
            counts.append(contentsOf: repeatElement(0, count: Int(zeros)))
        }
        return counts
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func takeNumber(_ bytes: inout ArraySlice<UInt8>) -> UInt32? {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = bytes.popFirst(), shift < 35 {
            number |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return UInt32(exactly: number) }
            shift += 7
        }
        return nil
    }
}
