import Foundation

/// A folder of backups that are named by their date, so that their names sort by age.
struct BackupFolder: Sendable {
    let path: String

    private static let prefix = "sillon-"
    private static let suffix = ".backup"

    func prepare() throws(CommandError) {
        try DataFolder(path: path).prepare()
    }

    /// `sillon-2026-01-31T093000Z.backup` in the folder; a second later for one that was made within the same second.
    func file(at moment: Date) -> String {
        var file = name(at: moment)
        for second in 1...Self.secondsTaken where access(file, F_OK) == 0 {
            file = name(at: moment.addingTimeInterval(TimeInterval(second)))
        }
        return file
    }

    /// So many backups in a row may have been started by hand at once.
    private static let secondsTaken = 60

    private func name(at moment: Date) -> String {
        let date = Date.ISO8601FormatStyle(dateSeparator: .dash, timeSeparator: .omitted).format(moment)
        return "\(path)/\(Self.prefix)\(date)\(Self.suffix)"
    }

    /// Removes all backups but the newest ones; answers their paths. Files with other names are not touched.
    func removeAll(but count: Int) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter(Self.isBackup).sorted()
        return try names.dropLast(count).map { name in
            let file = "\(path)/\(name)"
            try FileManager.default.removeItem(atPath: file)
            return file
        }
    }

    private static func isBackup(_ name: String) -> Bool {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
        let middle = name.dropFirst(prefix.count).dropLast(suffix.count)
        let style = Date.ISO8601FormatStyle(dateSeparator: .dash, timeSeparator: .omitted)
        // Anything else than a date is somebody else's file.
        return (try? style.parse(String(middle))) != nil && middle.count == dateLength  // see above
    }

    /// Of `2026-01-31T093000Z`.
    private static let dateLength = 18
}
