import Domain

/// The tables in a `moov` box that say where in the file the coded audio lies (`stco`, `co64`).
struct MP4ChunkOffsets {
    struct Table {
        /// `trak[1]`: tracks are counted from 0.
        var track: Int
        /// Where the entries lie in the bytes of `moov`.
        var entries: Range<Int>
        var width: Int
    }

    private(set) var tables: [Table] = []
    /// What else holds places in the file, so that nothing may be moved. Nil when there is nothing.
    private(set) var fixed: String?

    init(_ bytes: [UInt8], _ children: [MP4Box]) throws(Failure) {
        for box in children where box.type == "mvex" || Self.isPlaced(bytes, box) { fixed = box.type }
        for (index, track) in children.filter({ $0.type == "trak" }).enumerated() {
            try read(bytes, track, index)
        }
    }

    private mutating func read(_ bytes: [UInt8], _ track: MP4Box, _ index: Int) throws(Failure) {
        let inside = try MP4Box.list(in: bytes, track.payload)
        if inside.contains(where: { Self.isPlaced(bytes, $0) }) { fixed = "meta" }
        guard let mdia = try inside.only("mdia"),
            let minf = try MP4Box.list(in: bytes, mdia.payload).only("minf")
        else { return }
        let media = try MP4Box.list(in: bytes, minf.payload)
        if let dinf = try media.only("dinf"), try !Self.isInThisFile(bytes, dinf) { fixed = "dref" }
        guard let stbl = try media.only("stbl") else { return }
        for box in try MP4Box.list(in: bytes, stbl.payload) {
            switch box.type {
            case "stco": tables.append(try Self.table(bytes, box, index, 4))
            case "co64": tables.append(try Self.table(bytes, box, index, 8))
            case "saio": fixed = box.type
            default: continue
            }
        }
    }

    private static func table(
        _ bytes: [UInt8], _ box: MP4Box, _ track: Int, _ width: Int
    ) throws(Failure) -> Table {
        let begin = box.payload.lowerBound + 8
        guard box.payload.count >= 8, let count = bytes.bigEndian(at: begin - 4, 4),
            count * width <= box.payload.upperBound - begin
        else { throw MP4Box.odd("a table of offsets that is cut short") }
        return Table(track: track, entries: begin..<(begin + count * width), width: width)
    }

    /// Items of a `meta` may lie anywhere in the file.
    private static func isPlaced(_ bytes: [UInt8], _ box: MP4Box) -> Bool {
        guard box.type == "meta" else { return false }
        let iloc = Array("iloc".utf8)
        return bytes[box.payload].indices.contains { bytes[$0...].starts(with: iloc) }
    }

    /// False when the audio lies in another file.
    private static func isInThisFile(_ bytes: [UInt8], _ dinf: MP4Box) throws(Failure) -> Bool {
        guard let dref = try MP4Box.list(in: bytes, dinf.payload).only("dref"), dref.payload.count >= 8 else {
            return true
        }
        let entries = (dref.payload.lowerBound + 8)..<dref.payload.upperBound
        return try MP4Box.list(in: bytes, entries).allSatisfy { box in
            (bytes.bigEndian(at: box.payload.lowerBound, 4) ?? 0) & 1 == 1
        }
    }

    static func values(_ table: Table, in bytes: [UInt8]) throws(Failure) -> [Int] {
        var values: [Int] = []
        values.reserveCapacity(table.entries.count / table.width)
        for at in stride(from: table.entries.lowerBound, to: table.entries.upperBound, by: table.width) {
            guard let value = bytes.bigEndian(at: at, table.width) else {
                throw MP4Box.odd("an offset that cannot be")
            }
            values.append(value)
        }
        return values
    }

    /// Moves every offset from `end` on by `delta`; none may lie in what ends there.
    func move(in bytes: inout [UInt8], behind place: Range<Int>, by delta: Int) throws(Failure) {
        if let fixed { throw MP4Box.odd("a box \(fixed) that says where things lie, and no room for the tags") }
        for table in tables {
            for (index, value) in try Self.values(table, in: bytes).enumerated() where value >= place.lowerBound {
                let (moved, isTooFar) = value.addingReportingOverflow(delta)
                guard value >= place.upperBound, !isTooFar, table.width == 8 || moved <= Int(UInt32.max) else {
                    throw MP4Box.odd("an offset that cannot be moved")
                }
                let at = table.entries.lowerBound + index * table.width
                bytes.replaceSubrange(at..<(at + table.width), with: [UInt8].bigEndian(moved, table.width))
            }
        }
    }
}
