/// A row in the binary form of the protocol.
struct PostgresRow: Row {
    let result: PostgresResult
    let row: Int

    func int(_ column: Int) -> Int64? {
        let type = result.type(column)
        return result.withBytes(row, column) { bytes in
            switch type {
            case PostgresType.bigint: bytes.bigEndian(as: Int64.self)
            case PostgresType.integer: Int64(bytes.bigEndian(as: Int32.self))
            case PostgresType.smallint: Int64(bytes.bigEndian(as: Int16.self))
            case PostgresType.bool: Int64(bytes[0])
            default: preconditionFailure("column \(column) is no integer but of type \(type)")
            }
        }
    }

    func double(_ column: Int) -> Double? {
        let type = result.type(column)
        guard type == PostgresType.double || type == PostgresType.real else { return int(column).map(Double.init) }
        return result.withBytes(row, column) { bytes in
            type == PostgresType.double
                ? Double(bitPattern: bytes.bigEndian(as: UInt64.self))
                : Double(Float(bitPattern: bytes.bigEndian(as: UInt32.self)))
        }
    }

    func text(_ column: Int) -> String? {
        let type = result.type(column)
        precondition(
            type == PostgresType.text || type == PostgresType.varchar || type == PostgresType.name,
            "column \(column) is no text but of type \(type)")
        return result.withBytes(row, column) { String(decoding: $0, as: UTF8.self) }
    }

    func bytes(_ column: Int) -> [UInt8]? {
        precondition(result.type(column) == PostgresType.bytea, "column \(column) is no byte string")
        return result.withBytes(row, column) { Array($0) }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func bigEndian<Number: FixedWidthInteger>(as type: Number.Type) -> Number {
        precondition(count == MemoryLayout<Number>.size, "the server sends a number in its type's width")
        return Number(bigEndian: loadUnaligned(as: type))
    }
}
