import Domain
import Similarity

/// Where a radio is: all that its next page needs, so that no server has to remember it.
package struct RadioPlace: Hashable, Sendable {
    package static let maxSeed: Int64 = 1 << 53 - 1

    /// 0…2⁵³−1, so that every client can hold it.
    package let seed: Int64
    /// Tracks that were played.
    package let position: Int
    /// The last of these, newest last.
    package let recent: [Int64]

    /// The beginning.
    package init(seed: Int64) {
        self.init(seed: seed, position: 0, recent: [])
    }

    init(seed: Int64, position: Int, recent: [Int64]) {
        self.seed = seed
        self.position = position
        self.recent = recent
    }
}

/// As text: a version and the numbers, in seven bits a byte (LEB128), in hexadecimal digits.
extension RadioPlace {
    private static let version: UInt64 = 1
    private static let maxPosition: UInt64 = 1 << 40

    package var text: String {
        let numbers = [Self.version, UInt64(clamping: seed), UInt64(clamping: position)]
        var bytes: [UInt8] = []
        for var number in numbers + recent.map({ UInt64(clamping: $0) }) {
            while number > 0x7F {
                bytes.append(UInt8(truncatingIfNeeded: number) | 0x80)
                number >>= 7
            }
            bytes.append(UInt8(truncatingIfNeeded: number))
        }
        return Hex.encode(bytes)
    }

    /// Nil for a text that no radio answered.
    package init?(text: String) {
        guard let bytes = Hex.decode(text), let numbers = Self.numbers(bytes), numbers.count >= 3,
            numbers[0] == Self.version, let seed = Int64(exactly: numbers[1]), seed <= Self.maxSeed,
            numbers[2] <= Self.maxPosition, numbers.count - 3 <= RadioWalk.maxWindow
        else { return nil }
        let recent = numbers[3...].compactMap { Int64(exactly: $0) }
        guard recent.count == numbers.count - 3, let position = Int(exactly: numbers[2]) else { return nil }
        self.init(seed: seed, position: position, recent: recent)
    }

    private static func numbers(_ bytes: [UInt8]) -> [UInt64]? {
        var numbers: [UInt64] = []
        var (number, shift): (UInt64, UInt64) = (0, 0)
        for byte in bytes {
            guard shift < 63 else { return nil }
            number |= UInt64(byte & 0x7F) << shift
            shift += 7
            if byte & 0x80 == 0 {
                numbers.append(number)
                (number, shift) = (0, 0)
            }
        }
        return shift == 0 ? numbers : nil
    }
}
