import Domain

/// The `moov` box of an MP4, and in it the list of tags as iTunes has it: `udta/meta/ilst`.
struct MP4Index {
    let bytes: [UInt8]
    let children: [MP4Box]
    let udta: MP4Box?
    private let meta: MP4Box?
    private let list: MP4Box?
    let items: [MP4Item]
    /// Room right behind the list.
    private let free: Range<Int>

    private static let versionBytes = 4
    /// What says that a list as of iTunes follows.
    private static let handler = MP4Box.bytes("hdlr", Array("\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0".utf8))

    init(_ bytes: [UInt8]) throws(Failure) {
        self.bytes = bytes
        guard let moov = try MP4Box.list(in: bytes, 0..<bytes.count).first, moov.range.count == bytes.count else {
            throw MP4Box.odd("a box moov of a size that cannot be")
        }
        children = try MP4Box.list(in: bytes, moov.payload)
        guard children.last?.range.upperBound == bytes.count else { throw MP4Box.odd("bytes that are no box") }
        udta = try children.only("udta")
        meta = try udta.map { udta throws(Failure) in try MP4Box.list(in: bytes, udta.payload) }?.only("meta")
        let inside = try meta.map { meta throws(Failure) in try Self.listOfMeta(bytes, meta) } ?? []
        list = try inside.only("ilst")
        guard let list else {
            (items, free) = ([], 0..<0)
            return
        }
        items = try MP4Box.list(in: bytes, list.payload).map { box throws(Failure) in try MP4Item(bytes, box) }
        guard items.last.map({ $0.box.range.upperBound == list.range.upperBound }) ?? list.payload.isEmpty else {
            throw MP4Box.odd("bytes that are no box")
        }
        let room = inside.drop { $0 != list }.dropFirst().prefix { $0.isFree }
        free = list.range.upperBound..<(room.last?.range.upperBound ?? list.range.upperBound)
    }

    /// The boxes in a `meta`, which is not that of QuickTime.
    static func listOfMeta(_ bytes: [UInt8], _ meta: MP4Box) throws(Failure) -> [MP4Box] {
        guard meta.payload.count >= versionBytes, bytes.bigEndian(at: meta.payload.lowerBound, 4) == 0 else {
            throw MP4Box.odd("tags as of QuickTime")
        }
        let inside = (meta.payload.lowerBound + versionBytes)..<meta.payload.upperBound
        let boxes = try MP4Box.list(in: bytes, inside)
        guard boxes.last?.range.upperBound == inside.upperBound, let handler = try boxes.only("hdlr"),
            bytes.has("mdir", at: handler.payload.lowerBound + 8)
        else { throw MP4Box.odd("tags of another kind than those of iTunes") }
        return boxes
    }

    /// With these tags, and this much room behind them, 0 or a whole box.
    func rendered(_ fields: [GainField], room: Int) -> [UInt8] {
        let known = items.compactMap(\.name)
        let others = items.filter { $0.name.map { !fields.has($0) } ?? true }.flatMap { bytes[$0.box.range] }
        let ours = fields.spelled(as: known).flatMap { MP4Item.bytes($0) }
        let newList = MP4Box.bytes("ilst", others + ours) + (room > 0 ? MP4Box.free(room) : [])
        let newMeta: [UInt8]
        if let meta {
            let place =
                list.map { $0.range.lowerBound..<free.upperBound } ?? meta.payload.upperBound..<meta.payload.upperBound
            newMeta = MP4Box.bytes("meta", replaced(meta.payload, with: newList, at: place))
        } else {
            newMeta = MP4Box.bytes("meta", [0, 0, 0, 0] + Self.handler + newList)
        }
        let newUdta: [UInt8]
        if let udta {
            // First where there was none: zeros may end a `udta`.
            let place = meta?.range ?? udta.payload.lowerBound..<udta.payload.lowerBound
            newUdta = MP4Box.bytes("udta", replaced(udta.payload, with: newMeta, at: place))
        } else {
            newUdta = MP4Box.bytes("udta", newMeta)
        }
        let inside = (children.first?.range.lowerBound ?? bytes.count)..<bytes.count
        return MP4Box.bytes("moov", replaced(inside, with: newUdta, at: udta?.range ?? bytes.count..<bytes.count))
    }

    private func replaced(_ range: Range<Int>, with new: [UInt8], at place: Range<Int>) -> [UInt8] {
        var result = Array(bytes[range.lowerBound..<place.lowerBound])
        result += new
        result += bytes[place.upperBound..<range.upperBound]
        return result
    }
}
