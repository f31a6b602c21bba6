import Domain

/// The outermost boxes of an MP4 that may hold coded audio: all but the index and room, which are written over.
struct MP4Map {
    /// In the order of the file.
    private let boxes: [MP4Box]

    init(_ boxes: [MP4Box]) { self.boxes = boxes }

    /// One for each table. Throws when an entry points to where no audio can stay.
    func parts(of offsets: MP4ChunkOffsets, in bytes: [UInt8]) throws(Failure) -> [FilePart] {
        var parts: [FilePart] = []
        for table in offsets.tables {
            var places: [UInt8] = []
            for offset in try MP4ChunkOffsets.values(table, in: bytes) { places += try place(of: offset) }
            parts.append(FilePart("offsets of track \(table.track)", places))
        }
        return parts
    }

    /// Which box an offset points into, and where in it: so it points to the same bytes however boxes are moved.
    private func place(of offset: Int) throws(Failure) -> [UInt8] {
        var (low, high) = (0, boxes.count)
        while low < high {
            let middle = (low + high) / 2
            if boxes[middle].range.upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        guard low < boxes.count, boxes[low].range.contains(offset) else {
            throw MP4Box.odd("an offset to where no audio can be")
        }
        return .bigEndian(low, 4) + .bigEndian(offset - boxes[low].payload.lowerBound, 8)
    }
}
