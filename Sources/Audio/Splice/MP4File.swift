import Domain

/// An MP4 or M4A: where its tags are put, and what else is in it.
struct MP4File {
    private let file: FileBytes
    private let boxes: [MP4Box]
    private let moov: MP4Box
    private let index: MP4Index
    /// The places that the tables of offsets name, of which each lies in a box that stays.
    private let places: [FilePart]

    /// What the list of tags gets on top when things have to be moved for it.
    private static let roomBytes = 1024
    /// Boxes that hold no place in the file.
    private static let movable: Set<String> = ["ftyp", "free", "skip", "wide", "mdat", "moov", "uuid", "pdin"]

    init(_ file: FileBytes) throws(Failure) {
        self.file = file
        boxes = try MP4Box.list(file)
        guard let moov = try boxes.only("moov") else { throw MP4Box.odd("no box moov") }
        self.moov = moov
        index = try MP4Index(try file.bytes(moov.range))
        let map = MP4Map(boxes.filter { $0 != moov && !$0.isFree })
        places = try map.parts(of: try MP4ChunkOffsets(index.bytes, index.children), in: index.bytes)
    }

    func edits(_ fields: [GainField]) throws(Failure) -> [FileEdit] {
        let bare = index.rendered(fields, room: 0)
        let behind = boxes.drop { $0 != moov }.dropFirst()
        let slack = moov.range.count - bare.count
        if behind.isEmpty || slack == 0 { return [FileEdit(range: moov.range, bytes: bare)] }
        if slack >= MP4Box.headerBytes {
            return [FileEdit(range: moov.range, bytes: index.rendered(fields, room: slack))]
        }
        if let next = behind.first, next.isFree {
            let left = slack + next.range.count
            let place = moov.range.lowerBound..<next.range.upperBound
            if left == 0 { return [FileEdit(range: place, bytes: bare)] }
            if left >= MP4Box.headerBytes { return [FileEdit(range: place, bytes: bare + MP4Box.free(left))] }
        }
        return [FileEdit(range: moov.range, bytes: try moved(fields))]
    }

    /// The index grown; what lies behind it moves.
    private func moved(_ fields: [GainField]) throws(Failure) -> [UInt8] {
        if let fixed = boxes.first(where: { !Self.movable.contains($0.type) }) {
            throw MP4Box.odd("a box \(fixed.type) and no room for the tags")
        }
        var bytes = index.rendered(fields, room: Self.roomBytes)
        let offsets = try MP4ChunkOffsets(bytes, try MP4Index(bytes).children)
        try offsets.move(in: &bytes, behind: moov.range, by: bytes.count - moov.range.count)
        return bytes
    }

    func parts(apartFrom fields: [GainField]) throws(Failure) -> [FilePart] {
        var parts: [FilePart] = []
        var numbers: [String: Int] = [:]
        for box in boxes where box != moov && !box.isFree {
            // What may hold places in the file must not be moved at all.
            let place = Self.movable.contains(box.type) ? [] : [UInt8].bigEndian(box.range.lowerBound, 8)
            let number = numbers[box.type, default: 0]
            numbers[box.type] = number + 1
            parts.append(FilePart("box \(box.type)[\(number)]", try file.digest(box.payload, after: place)))
        }
        parts += try MP4Walk(index.bytes, fields).parts(of: index)
        return parts + places
    }
}
