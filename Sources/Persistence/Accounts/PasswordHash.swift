import Crypto
import CryptoExtras
import Domain

/// A password as it is kept: `$scrypt$15,8,3$SALT$HASH`, cost and bytes in the text itself so that the cost may grow.
struct PasswordHash: Hashable, Sendable {
    struct Cost: Hashable, Sendable {
        /// log₂ of scrypt's N.
        let doublings: Int
        let blockSize: Int
        let passes: Int

        /// 32 MiB and three passes: one of the equal choices of OWASP's Password Storage Cheat Sheet (2024), the one that
        /// a small machine can spare the memory for.
        static let usual = Cost(doublings: 15, blockSize: 8, passes: 3)
    }

    private static let saltBytes = 16
    private static let hashBytes = 32
    /// What a row may ask for: 1 GiB would be more than most of these machines have.
    private static let doublings = 1...17
    private static let blockSizes = 1...16
    private static let passes = 1...16

    let cost: Cost
    let salt: [UInt8]
    let hash: [UInt8]

    /// Takes its time: see `PasswordWorkshop`.
    init(_ password: String, cost: Cost = .usual, random: () -> UInt64) throws {
        self.cost = cost
        salt = (0..<Self.saltBytes / 8).flatMap { _ in
            let word = random()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        hash = try Self.derive(password, salt: salt, cost).withUnsafeBytes { Array($0) }
    }

    /// Nil for text that is no such hash.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        let numbers = parts[2].split(separator: ",").compactMap { Int($0) }
        guard numbers.count == 3, Self.doublings.contains(numbers[0]), Self.blockSizes.contains(numbers[1]),
            Self.passes.contains(numbers[2]), let salt = Hex.decode(String(parts[3])),
            let hash = Hex.decode(String(parts[4])), salt.count == Self.saltBytes, hash.count == Self.hashBytes
        else { return nil }
        cost = Cost(doublings: numbers[0], blockSize: numbers[1], passes: numbers[2])
        self.salt = salt
        self.hash = hash
    }

    var text: String {
        "$scrypt$\(cost.doublings),\(cost.blockSize),\(cost.passes)$\(Hex.encode(salt))$\(Hex.encode(hash))"
    }

    /// Compares in constant time; takes its time before.
    func matches(_ password: String) throws -> Bool {
        try Self.derive(password, salt: salt, cost) == SymmetricKey(data: hash)
    }

    private static func derive(_ password: String, salt: [UInt8], _ cost: Cost) throws -> SymmetricKey {
        try KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: hashBytes, rounds: 1 << cost.doublings,
            blockSize: cost.blockSize, parallelism: cost.passes)
    }
}
