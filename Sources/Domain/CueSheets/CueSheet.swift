/// A CUE sheet: which files hold which tracks, and where each begins.
///
/// A track goes from its `INDEX 01` to that of the next track in the same file: what players call the pregap belongs to
/// the track before, as on the disc when it is played through.
package struct CueSheet: Hashable, Sendable {
    /// A file with the tracks whose `INDEX 01` lies in it.
    package struct File: Hashable, Sendable {
        /// As the sheet names it.
        package let name: String
        package let parts: [SheetPart]
    }

    package let album: SheetAlbum
    package let files: [File]

    /// Larger files are no sheets.
    package static let maxBytes = 256 << 10
    /// Of one value; the rest is cut off.
    static let maxValueBytes = 500

    /// Why a text is not applied.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        package let description: String

        package init(_ description: String) {
            self.description = description
        }
    }

    /// By its byte order mark, as UTF-8, or as the Latin-1 of Windows.
    package init(_ bytes: some RandomAccessCollection<UInt8>) throws(Problem) {
        guard bytes.count <= Self.maxBytes else { throw Problem("it has more than \(Self.maxBytes >> 10) KB") }
        try self.init(text: PlainText.decode(bytes))
    }

    package init(text: String) throws(Problem) {
        guard text.utf8.count <= 2 * Self.maxBytes else { throw Problem("it has more than \(Self.maxBytes >> 10) KB") }
        var reader = CueSheetReader()
        // The line break of Windows is one character.
        for line in text.split(whereSeparator: { $0.isNewline }) { try reader.read(line) }
        try reader.end()
        album = reader.album
        files = try reader.files.map { file throws(Problem) in
            let cut = SheetCut(parts: file.parts)
            if let problem = cut.problem { throw Problem(problem) }
            return file
        }
    }

    /// How the sheet cuts a file of its own; nil for a file that holds one track: there is nothing to cut.
    package func cut(_ file: File) -> SheetCut? {
        file.parts.count > 1 ? SheetCut(album: album, parts: file.parts) : nil
    }
}
