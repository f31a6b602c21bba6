import CTagLib
import Domain
import Files
import Glibc

extension GainTexts {
    /// Writes into a file that is open for reading and writing; after an error it may be half written. No error names it.
    func write(_ descriptor: Int32, _ path: FilePath) throws(Failure) {
        let format = try GainFormat(descriptor, extension: path.fileExtension)
        guard let edits = try format.edits(try FileBytes(descriptor), fields) else {
            return try writeWithTagLib(descriptor, path)
        }
        try FileEdit.make(edits, in: descriptor)
    }

    /// What writing must leave in the file as it is.
    func others(_ descriptor: Int32, _ path: FilePath) throws(Failure) -> [FilePart] {
        let format = try GainFormat(descriptor, extension: path.fileExtension)
        return try format.parts(try FileBytes(descriptor), apartFrom: format == .opus ? fieldsOfOpus : fields)
    }

    private func writeWithTagLib(_ descriptor: Int32, _ path: FilePath) throws(Failure) {
        let result = withTexts { sillon_gain_write(descriptor, path.fileExtension, $0) }
        switch Int(result) {
        case Int(SILLON_TAGS_OK): return
        case Int(SILLON_TAGS_UNSUPPORTED):
            throw Failure(
                .unsupportedFormat, "is of a format into which ReplayGain is not written")
        case Int(SILLON_TAGS_CORRUPT): throw Failure(.corruptFile, "the tags cannot be written")
        case Int(SILLON_TAGS_NO_MEMORY):
            throw Failure(.parserMemory, "writing the tags takes more memory than allowed")
        case Int(SILLON_TAGS_ENDLESS):
            throw Failure(.parserTimeout, "writing the tags does not come to an end")
        case Int(SILLON_TAGS_DISK_FULL):
            throw Failure(.ioError, "no space is left for a copy")
        default: throw Failure(.ioError, "a copy cannot be written")
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
