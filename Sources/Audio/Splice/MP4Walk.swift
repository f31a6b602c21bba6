import Domain

/// All boxes in `moov` that hold no others, apart from ours, from room, and from offsets.
struct MP4Walk {
    private let bytes: [UInt8]
    private let fields: [GainField]
    private var parts: [FilePart] = []

    private static let containers: Set<String> = [
        "moov", "moov/trak", "moov/trak/mdia", "moov/trak/mdia/minf", "moov/trak/mdia/minf/stbl", "moov/udta",
    ]
    private static let offsets: Set<String> = ["moov/trak/mdia/minf/stbl/stco", "moov/trak/mdia/minf/stbl/co64"]
    private static let meta = "moov/udta/meta"

    init(_ bytes: [UInt8], _ fields: [GainField]) { (self.bytes, self.fields) = (bytes, fields) }

    func parts(of index: MP4Index) throws(Failure) -> [FilePart] {
        var walk = self
        try walk.add(index.children, "moov", "moov")
        return walk.parts
    }

    /// `path` has the types, `name` the numbers of tracks, too.
    private mutating func add(_ boxes: [MP4Box], _ path: String, _ name: String) throws(Failure) {
        var tracks = 0
        for box in boxes where !box.isFree {
            var step = box.type
            if step == "trak" { (step, tracks) = ("trak[\(tracks)]", tracks + 1) }
            try add(box, path + "/" + box.type, name + "/" + step)
        }
    }

    private mutating func add(_ box: MP4Box, _ path: String, _ name: String) throws(Failure) {
        if Self.offsets.contains(path) { return }
        if path == Self.meta { return try addMeta(box, name) }
        guard Self.containers.contains(path) else { return parts.append(FilePart("box " + name, bytes[box.payload])) }
        let inside = try MP4Box.list(in: bytes, box.payload)
        let rest = bytes[(inside.last?.range.upperBound ?? box.payload.lowerBound)..<box.payload.upperBound]
        if !rest.isEmpty { parts.append(FilePart("end of box " + name, rest)) }
        try add(inside, path, name)
    }

    private mutating func addMeta(_ meta: MP4Box, _ name: String) throws(Failure) {
        for box in try MP4Index.listOfMeta(bytes, meta) where !box.isFree {
            guard box.type == "ilst" else {
                parts.append(FilePart("box \(name)/\(box.type)", bytes[box.payload]))
                continue
            }
            for entry in try MP4Box.list(in: bytes, box.payload) {
                let item = try MP4Item(bytes, entry)
                guard item.name.map({ !fields.has($0) }) ?? true else { continue }
                parts.append(FilePart("tag " + (item.name ?? entry.type), bytes[entry.range]))
            }
        }
    }
}
