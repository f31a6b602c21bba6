import Domain
import Foundation
import Synchronization
import UseCases

/// Smaller drawings of covers in a folder with a limit: what was not asked for the longest goes first. Several processes
/// may share the folder; each looks at it when its own drawings have filled a part of it.
package final class PictureCache: VariantCache {
    private let folder: String
    private let bytesMax: Int
    /// Bytes that were written since the folder was last looked at.
    private let added: Mutex<Int>

    /// A tenth more than the limit may lie there for a while.
    private static let looksPerLimit = 10

    /// - Parameter folder: made when it is not there.
    package init(folder: String, bytesMax: Int = 256 << 20) {
        self.folder = folder
        self.bytesMax = bytesMax
        // The first drawing has the folder looked at.
        added = Mutex(bytesMax)
    }

    package func variant(of hash: String, size: CoverSize) async -> [UInt8]? {
        guard let path = path(hash, size) else { return nil }
        return await withTaskExecutorPreference(BlockingExecutor.shared) { read(path) }
    }

    package func keep(_ bytes: [UInt8], of hash: String, size: CoverSize) async {
        guard let path = path(hash, size) else { return }
        await withTaskExecutorPreference(BlockingExecutor.shared) { write(bytes, path) }
    }

    /// Nil for what is no hash: it would lead elsewhere.
    private func path(_ hash: String, _ size: CoverSize) -> String? {
        guard hash.utf8.count == 64, Hex.decode(hash) != nil else { return nil }
        return "\(folder)/\(hash)-\(size.rawValue).jpg"
    }

    private func read(_ path: String) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else { return nil }
        // The time of change is the time of the last use. When it cannot be set, the drawing goes a little earlier.
        _ = utimensat(AT_FDCWD, path, nil, 0)
        return Array(data)
    }

    /// A disk that is full only costs drawing it again.
    private func write(_ bytes: [UInt8], _ path: String) {
        let manager = FileManager.default
        let owner = [FileAttributeKey.posixPermissions: 0o700]
        try? manager.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: owner)  // see above
        // Renamed into place, so that nobody reads half of it.
        try? Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)  // see above
        let isDue = added.withLock { added in
            added += bytes.count
            guard added >= bytesMax / Self.looksPerLimit else { return false }
            added = 0
            return true
        }
        if isDue { trim() }
    }

    private struct Drawing {
        let path: String
        let bytes: Int
        let usedAt: Date
    }

    private func trim() {
        var drawings = drawings().sorted { $0.usedAt < $1.usedAt }[...]
        var total = drawings.reduce(0) { $0 + $1.bytes }
        while total > bytesMax, let oldest = drawings.popFirst() {
            try? FileManager.default.removeItem(atPath: oldest.path)  // another process was faster, then
            total -= oldest.bytes
        }
    }

    private func drawings() -> [Drawing] {
        // A folder that cannot be read keeps its drawings.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []  // see above
        return names.filter { $0.hasSuffix(".jpg") }.compactMap { name in
            let path = "\(folder)/\(name)"
            let facts = try? FileManager.default.attributesOfItem(atPath: path)  // gone meanwhile
            guard let size = facts?[.size] as? Int, let time = facts?[.modificationDate] as? Date else { return nil }
            return Drawing(path: path, bytes: size, usedAt: time)
        }
    }
}
