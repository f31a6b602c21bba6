/// Rows in the binary format of COPY (the manual's page on COPY, "Binary Format").
struct PostgresCopyData {
    private(set) var bytes: [UInt8]

    private static let signature = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0]
    private static let end: Int16 = -1
    private static let null: Int32 = -1

    /// - Parameter types: of the columns, as the server has them.
    init(_ rows: [[SQLValue]], types: [UInt32]) throws(PostgresError) {
        bytes = Self.signature
        // No flags, and no extension of the header.
        PostgresBinary.append(Int32(0), to: &bytes)
        PostgresBinary.append(Int32(0), to: &bytes)
        for row in rows { try append(row, types) }
        PostgresBinary.append(Self.end, to: &bytes)
    }

    private mutating func append(_ row: [SQLValue], _ types: [UInt32]) throws(PostgresError) {
        precondition(row.count == types.count, "a row has a value for every column")
        // No table has more columns than fit: the server's limit is 1,600.
        PostgresBinary.append(Int16(clamping: row.count), to: &bytes)
        for (value, type) in zip(row, types) {
            if case .null = value {
                PostgresBinary.append(Self.null, to: &bytes)
                continue
            }
            let start = bytes.count
            PostgresBinary.append(Int32(0), to: &bytes)
            try PostgresBinary.append(value, as: type, to: &bytes)
            guard let length = Int32(exactly: bytes.count - start - MemoryLayout<Int32>.size) else {
                throw PostgresError(state: "54000", message: "a value is larger than 2 GiB")
            }
            withUnsafeBytes(of: length.bigEndian) { bytes.replaceSubrange(start..<(start + $0.count), with: $0) }
        }
    }
}
