import CTagLib
import Domain
import Files
import Glibc

extension GainTexts {
    /// Writes into a file that is open for reading and writing; after an error it may be half written.
    func write(_ descriptor: Int32, _ path: FilePath) throws(Failure) {
        let result = withTexts { sillon_gain_write(descriptor, path.fileExtension, $0) }
        switch Int(result) {
        case Int(SILLON_TAGS_OK): return
        case Int(SILLON_TAGS_UNSUPPORTED):
            throw Failure(.unsupportedFormat, "\(path.quoted) is of a format into which ReplayGain is not written")
        case Int(SILLON_TAGS_CORRUPT): throw Failure(.corruptFile, "the tags of \(path.quoted) cannot be written")
        case Int(SILLON_TAGS_NO_MEMORY):
            throw Failure(.parserMemory, "writing the tags of \(path.quoted) takes more memory than allowed")
        case Int(SILLON_TAGS_ENDLESS):
            throw Failure(.parserTimeout, "writing the tags of \(path.quoted) does not come to an end")
        case Int(SILLON_TAGS_DISK_FULL):
            throw Failure(.ioError, "no space is left for a copy of \(path.quoted)")
        default: throw Failure(.ioError, "a copy of \(path.quoted) cannot be written")
        }
    }

    private func withTexts<Value>(_ body: (UnsafePointer<sillon_gain_texts>) -> Value) -> Value {
        let copies = all.map { $0.map { strdup($0) } ?? nil }
        defer { copies.forEach { free($0) } }
        let pointers = copies.map { UnsafePointer($0) }
        var texts = sillon_gain_texts(
            track_gain: pointers[0], track_peak: pointers[1], album_gain: pointers[2], album_peak: pointers[3],
            r128_track_gain: pointers[4], r128_album_gain: pointers[5])
        return body(&texts)
    }
}
