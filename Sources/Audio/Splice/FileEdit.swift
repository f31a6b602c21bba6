import CTagLib
import Domain

/// Bytes of a file that others take the place of.
struct FileEdit: Hashable, Sendable {
    var range: Range<Int>
    var bytes: [UInt8]

    /// Makes the edits, which must not overlap, in a file that is open for reading and writing.
    static func make(_ edits: [FileEdit], in descriptor: Int32) throws(Failure) {
        // From the end, so that the places of those that follow stay true.
        for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            let result = edit.bytes.withUnsafeBufferPointer {
                sillon_splice(
                    descriptor, Int64(edit.range.lowerBound), Int64(edit.range.count), $0.baseAddress, $0.count)
            }
            switch Int(result) {
            case Int(SILLON_TAGS_OK): continue
            case Int(SILLON_TAGS_DISK_FULL): throw Failure(.ioError, "no space is left for a copy")
            default: throw Failure(.ioError, "a copy cannot be written")
            }
        }
    }
}
