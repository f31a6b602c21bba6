/// One page of an Ogg stream (RFC 3533 §6).
struct OggPage {
    private(set) var flags: UInt8
    private(set) var granule: [UInt8]
    let serial: Int
    var sequence: Int
    private(set) var lacing: [UInt8]
    private(set) var body: [UInt8]
    /// Offset in the file of the byte after this page; 0 for a page that was made here.
    private(set) var end = 0

    init(_ file: [UInt8], at offset: Int) throws(TagProblem) {
        guard file.hasText("OggS", at: offset), let serial = file.littleEndian(at: offset + 14, bytes: 4),
            let sequence = file.littleEndian(at: offset + 18, bytes: 4), offset + 27 <= file.count
        else { throw .unexpected(format: "Ogg", what: "no page at byte \(offset)") }
        let segments = Int(file[offset + 26])
        let bodyStart = offset + 27 + segments
        guard bodyStart <= file.count else { throw .unexpected(format: "Ogg", what: "a page is cut off") }
        flags = file[offset + 5]
        granule = Array(file[(offset + 6)..<(offset + 14)])
        self.serial = serial
        self.sequence = sequence
        lacing = Array(file[(offset + 27)..<bodyStart])
        end = bodyStart + lacing.reduce(0) { $0 + Int($1) }
        guard end <= file.count else { throw .unexpected(format: "Ogg", what: "a page is cut off") }
        body = Array(file[bodyStart..<end])
    }

    private init(serial: Int, sequence: Int, continued: Bool) {
        flags = continued ? 1 : 0
        // Minus one until a packet ends on this page.
        granule = [UInt8](repeating: 0xFF, count: 8)
        self.serial = serial
        self.sequence = sequence
        lacing = []
        body = []
    }

    /// Lays header packets out on pages; their granule position is zero.
    static func pages(of packets: [[UInt8]], serial: Int, firstSequence: Int) -> [OggPage] {
        var pages: [OggPage] = []
        var page = OggPage(serial: serial, sequence: firstSequence, continued: false)
        for packet in packets {
            var position = 0
            var packetEnds = false
            while !packetEnds {
                if page.lacing.count == maxSegments {
                    pages.append(page)
                    page = OggPage(serial: serial, sequence: page.sequence + 1, continued: position > 0)
                }
                let size = min(255, packet.count - position)
                page.lacing.append(UInt8(size))
                page.body += packet[position..<(position + size)]
                position += size
                packetEnds = size < 255
            }
            page.granule = [UInt8](repeating: 0, count: 8)
        }
        return pages + [page]
    }

    private static let maxSegments = 255

    /// The page as bytes, with its checksum.
    var encoded: [UInt8] {
        var bytes: [UInt8] = Array("OggS".utf8) + [0, flags] + granule
        bytes.append(littleEndian: serial, bytes: 4)
        bytes.append(littleEndian: sequence, bytes: 4)
        bytes += [0, 0, 0, 0, UInt8(lacing.count)] + lacing + body
        let checksum = Self.checksum(bytes)
        for index in 0..<4 { bytes[22 + index] = UInt8(truncatingIfNeeded: checksum >> (UInt32(index) * 8)) }
        return bytes
    }

    /// CRC-32 with polynomial 04C11DB7, not reflected, starting at zero.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(0) { crc, byte in (crc << 8) ^ table[Int(UInt8(truncatingIfNeeded: crc >> 24) ^ byte)] }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index) << 24) { value, _ in
            value & 0x8000_0000 != 0 ? (value << 1) ^ 0x04C1_1DB7 : value << 1
        }
    }
}
