import Domain

/// The name of a row of `track`: that of its file, and of a part the file's, a slash and two digits. No file has a name with
/// a slash.
struct PartName: Hashable {
    let file: [UInt8]
    /// Nil for the whole file.
    let number: Int?

    init(file: [UInt8], number: Int?) {
        self.file = file
        self.number = number
    }

    init(stored: [UInt8]) {
        guard let slash = stored.lastIndex(of: FilePath.slash) else {
            self.init(file: stored, number: nil)
            return
        }
        let digits = String(decoding: stored[(slash + 1)...], as: UTF8.self)
        self.init(file: Array(stored[..<slash]), number: Int(digits))
    }

    var stored: [UInt8] {
        guard let number else { return file }
        return file + [FilePath.slash] + Array((number < 10 ? "0\(number)" : "\(number)").utf8)
    }

    /// The path of the file of a row.
    static func path(_ folder: [UInt8]?, _ stored: [UInt8]?) -> FilePath {
        FilePath(bytes: folder ?? []).appending(PartName(stored: stored ?? []).file)
    }

    /// Whether the column `name` is that of a row of this file. One range of an index holds them all, and hardly any other.
    static func isOf(_ file: [UInt8]) -> Query {
        let slashed = file + [FilePath.slash]
        // The character after the slash ends the range of all names that begin so.
        let end = file + [FilePath.slash + 1]
        return "(name >= \(file) AND name < \(end) AND (name = \(file) OR name > \(slashed)))"
    }
}
