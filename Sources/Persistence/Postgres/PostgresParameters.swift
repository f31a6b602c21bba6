/// Values of one execution in the binary form of the protocol, in one piece of memory.
struct PostgresParameters {
    private var bytes: [UInt8] = []
    /// Where each value begins; negative for NULL.
    private var starts: [Int] = []
    private var lengths: [Int32] = []

    /// - Parameter types: what the server expects.
    init(_ values: [SQLValue], types: [UInt32]) throws(PostgresError) {
        precondition(values.count == types.count, "a query binds every placeholder once")
        starts.reserveCapacity(values.count)
        lengths.reserveCapacity(values.count)
        bytes.reserveCapacity(values.count * 16)
        for (value, type) in zip(values, types) {
            if case .null = value {
                starts.append(-1)
                lengths.append(0)
                continue
            }
            starts.append(bytes.count)
            try PostgresBinary.append(value, as: type, to: &bytes)
            guard let length = Int32(exactly: bytes.count - (starts.last ?? 0)) else {
                throw PostgresError(state: "54000", message: "a value is larger than 2 GiB")
            }
            lengths.append(length)
        }
    }

    /// Pointers for libpq, which copies what they point to.
    func withPointers<Result>(
        _ body: ([UnsafePointer<CChar>?], [Int32], [Int32]) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { buffer in
            // An empty value needs a pointer too: a null pointer is NULL.
            let base = (buffer.baseAddress ?? Self.nothing).assumingMemoryBound(to: CChar.self)
            let pointers = starts.map { start in start < 0 ? nil : base + start }
            return body(pointers, lengths, Array(repeating: 1, count: lengths.count))
        }
    }

    /// One byte that nobody reads or frees.
    private nonisolated(unsafe) static let nothing = UnsafeRawPointer(
        UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1))
}

extension SQLValue {
    /// The type by which a value is announced to the server.
    var postgresType: UInt32 {
        switch self {
        case .null: PostgresType.unspecified
        case .integer: PostgresType.bigint
        case .double: PostgresType.double
        case .text: PostgresType.text
        case .bytes: PostgresType.bytea
        case .integers: PostgresType.bigints
        }
    }
}
