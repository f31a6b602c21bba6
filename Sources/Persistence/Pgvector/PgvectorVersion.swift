/// The extension's version, and what follows from it (pgvector's change log).
struct PgvectorVersion: Hashable, Comparable, Sendable {
    let major: Int
    let minor: Int

    /// The first with an HNSW index.
    static let oldest = PgvectorVersion(major: 0, minor: 5)

    init(major: Int, minor: Int) {
        (self.major, self.minor) = (major, minor)
    }

    /// "0.8.5"; nil for what does not begin with two numbers.
    init?(_ text: String) {
        let parts = text.split(separator: ".").prefix(2).compactMap { Int($0) }
        guard parts.count == 2 else { return nil }
        self.init(major: parts[0], minor: parts[1])
    }

    static func < (left: Self, right: Self) -> Bool { (left.major, left.minor) < (right.major, right.minor) }

    /// The type of 16-bit numbers.
    var hasHalfvec: Bool { self >= PgvectorVersion(major: 0, minor: 7) }
    /// A scan of the index goes on until the limit is reached.
    var hasIterativeScans: Bool { self >= PgvectorVersion(major: 0, minor: 8) }
}
