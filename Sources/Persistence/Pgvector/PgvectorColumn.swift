/// The type of a column of vectors, and what fits into it (pgvector's README, "Reference").
struct PgvectorColumn: Hashable, Sendable {
    enum Kind: String, Sendable {
        case vector, halfvec
    }

    let kind: Kind
    /// Components of a vector.
    let dimension: Int

    /// More cannot be indexed.
    private static let maxIndexed: [Kind: Int] = [.vector: 2000, .halfvec: 4000]
    /// More cannot be stored.
    static let maxDimension = 16_000
    /// The largest number of 16 bits is 65,504; a sum of squares stays far from overflow in both types.
    private static let largestComponent: Float = 1000
    /// What is shorter points nowhere.
    private static let leastSquare: Float = 1e-12

    init(kind: Kind, dimension: Int) {
        (self.kind, self.dimension) = (kind, dimension)
    }

    /// Half the memory where the version has it and an index takes it; scores are right to about 1e-4 then.
    init(dimension: Int, version: PgvectorVersion) {
        let isHalf = version.hasHalfvec && dimension <= Self.maxIndexed[.halfvec] ?? 0
        self.init(kind: isHalf ? .halfvec : .vector, dimension: dimension)
    }

    /// As SQL has it.
    var type: String { "\(kind.rawValue)(\(dimension))" }
    var operatorClass: String { "\(kind.rawValue)_ip_ops" }
    var mayBeIndexed: Bool { dimension <= Self.maxIndexed[kind] ?? 0 }

    enum Fit: Hashable, Sendable {
        case fits
        case otherLength
        /// Zero, NaN, or beyond all measure: no place in any table.
        case unusable
    }

    func fit(_ vector: [Float]) -> Fit {
        guard vector.count == dimension else { return .otherLength }
        guard vector.allSatisfy({ abs($0) <= Self.largestComponent }) else { return .unusable }
        return vector.reduce(0) { $0 + $1 * $1 } > Self.leastSquare ? .fits : .unusable
    }

    /// The extension's text form.
    static func text(_ vector: [Float]) -> String {
        "[" + vector.map(\.description).joined(separator: ",") + "]"
    }

    /// From the extension's binary form: the number of components, 16 bits of nothing, big-endian floats.
    static func vector(_ bytes: [UInt8]) -> [Float]? {
        guard bytes.count >= 4, bytes.count == 4 + (Int(bytes[0]) << 8 | Int(bytes[1])) * 4 else { return nil }
        return bytes.withUnsafeBytes { bytes in
            stride(from: 4, to: bytes.count, by: 4).map { offset in
                Float(bitPattern: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
    }
}
