import Crypto
import Domain

/// The keys that secrets are encrypted with, the one for new secrets first. More than one only while keys change.
struct KeyRing: Hashable, Sendable {
    struct Key: Hashable, Sendable {
        /// Names the key beside what it encrypted; says nothing of it.
        let id: String
        let bytes: [UInt8]

        static let byteCount = 32
        private static let idBytes = 4

        init(random: () -> UInt64) {
            id = Hex.encode(Self.bytes(Self.idBytes, random))
            bytes = Self.bytes(Self.byteCount, random)
        }

        /// `ID KEY` in hexadecimal digits.
        init?(line: Substring) {
            let parts = line.split(separator: " ")
            guard parts.count == 2, Hex.decode(String(parts[0]))?.count == Self.idBytes,
                let bytes = Hex.decode(String(parts[1])), bytes.count == Self.byteCount
            else { return nil }
            id = String(parts[0])
            self.bytes = bytes
        }

        var line: String { "\(id) \(Hex.encode(bytes))" }
        var symmetric: SymmetricKey { SymmetricKey(data: bytes) }

        private static func bytes(_ count: Int, _ random: () -> UInt64) -> [UInt8] {
            var bytes: [UInt8] = []
            while bytes.count < count {
                let word = random()
                bytes += (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
            }
            return Array(bytes.prefix(count))
        }
    }

    /// Never empty.
    let keys: [Key]

    static let maxKeys = 16

    init(_ current: Key, others: [Key] = []) {
        keys = [current] + others.filter { $0.id != current.id }
    }

    /// Nil for text that is no such file. Lines that begin with # are for people.
    init?(text: String) {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
        let keys = lines.compactMap { Key(line: $0) }
        guard !keys.isEmpty, keys.count == lines.count, keys.count <= Self.maxKeys,
            Set(keys.map(\.id)).count == keys.count
        else { return nil }
        self.keys = keys
    }

    var text: String {
        (["# Opens the secrets in Sillon's database. Keep it with every backup, and to yourself."] + keys.map(\.line))
            .joined(separator: "\n") + "\n"
    }

    var current: Key { keys[0] }

    subscript(id: String) -> Key? { keys.first { $0.id == id } }
}
