import Domain

/// Frames that say where in the file something lies: the seek index (ID3v2.4.0) and chapters (ID3v2 Chapter Frame Addendum).
extension ID3v2Tag {
    private static let isUnused = 0xFFFF_FFFF
    /// Start and end in milliseconds.
    private static let timesBytes = 8

    /// Throws when a frame counts bytes from the start of the file, so that the audio must not be moved.
    func expectNoPlaces() throws(Failure) {
        for frame in frames {
            switch frame.id {
            case "ASPI": throw Self.odd("has a seek index")
            case "CHAP": try Self.expectNoPlaces(inChapter: try payload(of: frame))
            default: continue
            }
        }
    }

    private static func expectNoPlaces(inChapter payload: [UInt8]) throws(Failure) {
        guard let idEnd = payload.firstIndex(of: 0),
            let start = payload.bigEndian(at: idEnd + 1 + timesBytes, 4),
            let end = payload.bigEndian(at: idEnd + 1 + timesBytes + 4, 4)
        else { throw odd("has a chapter that is cut short") }
        guard start == isUnused, end == isUnused else { throw odd("has chapters that are found by their bytes") }
    }
}
