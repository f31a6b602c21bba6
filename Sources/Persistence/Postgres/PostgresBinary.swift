/// Values as the protocol sends them in binary form.
enum PostgresBinary {
    /// - Parameter type: what the server expects.
    static func append(_ value: SQLValue, as type: UInt32, to bytes: inout [UInt8]) throws(PostgresError) {
        switch (value, type) {
        case (.null, _): break
        case (.integer(let number), PostgresType.bigint): append(number, to: &bytes)
        case (.integer(let number), PostgresType.integer): append(try narrowed(number) as Int32, to: &bytes)
        case (.integer(let number), PostgresType.smallint): append(try narrowed(number) as Int16, to: &bytes)
        case (.integer(let number), PostgresType.bool): bytes.append(number == 0 ? 0 : 1)
        case (.integer(let number), PostgresType.double): append(Double(number).bitPattern, to: &bytes)
        case (.double(let number), PostgresType.double): append(number.bitPattern, to: &bytes)
        case (.double(let number), PostgresType.real): append(Float(number).bitPattern, to: &bytes)
        case (.text(let text), PostgresType.text), (.text(let text), PostgresType.varchar),
            (.text(let text), PostgresType.name):
            bytes.append(contentsOf: text.utf8)
        case (.bytes(let some), PostgresType.bytea): bytes.append(contentsOf: some)
        case (.integers(let list), PostgresType.bigints): try append(list, to: &bytes)
        default: throw PostgresError(state: "42804", message: "a value of another type than \(type) is bound")
        }
    }

    static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// One dimension from 1 and no NULL, as `array_recv` of the server's source reads it.
    private static func append(_ list: [Int64], to bytes: inout [UInt8]) throws(PostgresError) {
        bytes.reserveCapacity(bytes.count + 20 + list.count * 12)
        let (dimensions, holdsNull, first): (Int32, Int32, Int32) = (1, 0, 1)
        append(dimensions, to: &bytes)
        append(holdsNull, to: &bytes)
        append(PostgresType.bigint, to: &bytes)
        append(try narrowed(Int64(list.count)) as Int32, to: &bytes)
        append(first, to: &bytes)
        for number in list {
            append(Int32(MemoryLayout<Int64>.size), to: &bytes)
            append(number, to: &bytes)
        }
    }

    private static func narrowed<Number: FixedWidthInteger>(_ number: Int64) throws(PostgresError) -> Number {
        guard let narrow = Number(exactly: number) else {
            throw PostgresError(state: "22003", message: "a number is out of its column's range")
        }
        return narrow
    }
}
