import Domain
import UseCases

/// What one folder of the disk has that the catalogue does not, and the other way round. Pure.
///
/// Size and time of change decide. The inode does not: on exFAT and network disks it is another after every mount.
struct FolderComparison {
    /// What the catalogue has of one file.
    struct KnownFile {
        let trackID: Int64
        let name: [UInt8]
        let isPresent: Bool
        let facts: FileFacts
        /// Of the sheet that was applied to it, or refused for it.
        let sheetDigest: String?
        /// The rows of a file that a sheet cuts or has cut: the whole, and its parts. Empty for any other.
        var rows: [KnownRow] = []
    }

    struct KnownRow {
        let trackID: Int64
        let name: [UInt8]
        let isPresent: Bool
        let sheetDigest: String?
    }

    var unchanged = 0
    /// Was missing and is back as it was.
    var reappeared: [KnownFile] = []
    var changed: [(known: KnownFile, file: ListedFile)] = []
    /// As it was, but the sheet that cuts it is another one, or is gone, or came.
    var recut: [(known: KnownFile, file: ListedFile)] = []
    var new: [ListedFile] = []
    /// Present in the catalogue, not in the folder.
    var vanished: [KnownFile] = []
    /// Full mode only: everything that is neither new nor changed, in need of another look.
    var again: [(known: KnownFile, file: ListedFile)] = []

    /// - Parameters:
    ///   - known: sorted by name, by byte.
    ///   - isFull: unchanged files are looked at again.
    ///   - sheets: digests of the sheets that cut files, by name; nil when nobody looked for sheets.
    init(known: [KnownFile], listed: [ListedFile], isFull: Bool, sheets: [[UInt8]: String]? = nil) {
        let listed = Self.sorted(listed)
        var (left, right) = (0, 0)
        while left < known.count || right < listed.count {
            let order =
                left == known.count
                ? 1 : right == listed.count ? -1 : Self.order(known[left].name, listed[right].name)
            if order < 0 {
                if known[left].isPresent { vanished.append(known[left]) }
                left += 1
            } else if order > 0 {
                new.append(listed[right])
                right += 1
            } else {
                compare(known[left], listed[right], isFull, sheets)
                left += 1
                right += 1
            }
        }
    }

    private mutating func compare(
        _ known: KnownFile, _ file: ListedFile, _ isFull: Bool, _ sheets: [[UInt8]: String]?
    ) {
        guard known.facts.looksUnchanged(from: file.facts) else {
            changed.append((known, file))
            return
        }
        if let sheets, Self.isRecut(known, by: sheets[file.name]) {
            recut.append((known, file))
            return
        }
        if !known.isPresent { reappeared.append(known) }
        if isFull {
            again.append((known, file))
        } else {
            unchanged += 1
        }
    }

    /// Which rows of a file that was gone are its tracks now, only its index can tell.
    private static func isRecut(_ known: KnownFile, by sheet: String?) -> Bool {
        if known.rows.isEmpty { return !isSame(known.sheetDigest, sheet) }
        guard known.isPresent else { return true }
        return known.rows.contains { $0.isPresent && !isSame($0.sheetDigest, sheet) }
    }

    /// A sheet inside the file holds as long as none lies beside it.
    private static func isSame(_ known: String?, _ sheet: String?) -> Bool {
        known == sheet || sheet == nil && known.map(SheetDigest.isEmbedded) == true
    }

    /// Walks list names in order, which one pass can tell; sorting is for those that do not.
    private static func sorted(_ files: [ListedFile]) -> [ListedFile] {
        let isSorted = files.indices.dropFirst().allSatisfy { order(files[$0 - 1].name, files[$0].name) < 0 }
        return isSorted ? files : files.sorted { order($0.name, $1.name) < 0 }
    }

    /// Negative, zero or positive, as `memcmp`; a prefix comes first.
    static func order(_ left: [UInt8], _ right: [UInt8]) -> Int {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                for index in 0..<min(left.count, right.count) where left[index] != right[index] {
                    return Int(left[index]) - Int(right[index])
                }
                return left.count - right.count
            }
        }
    }
}
