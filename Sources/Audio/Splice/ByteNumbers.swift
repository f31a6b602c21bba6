/// Numbers of a fixed width in bytes.
extension [UInt8] {
    /// Nil beyond the end, and for what is no `Int`.
    func bigEndian(at offset: Int, _ width: Int) -> Int? {
        guard offset >= 0, count - offset >= width else { return nil }
        return Int(exactly: self[offset..<(offset + width)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    func littleEndian(at offset: Int, _ width: Int) -> Int? {
        guard offset >= 0, count - offset >= width else { return nil }
        return Int(exactly: self[offset..<(offset + width)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    static func bigEndian(_ number: Int, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    static func littleEndian(_ number: Int, _ width: Int) -> [UInt8] { bigEndian(number, width).reversed() }

    func has(_ magic: String, at offset: Int) -> Bool {
        offset >= 0 && count - offset >= magic.utf8.count && self[offset...].starts(with: magic.utf8)
    }
}
