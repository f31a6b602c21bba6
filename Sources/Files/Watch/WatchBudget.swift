import Synchronization

/// Folders that one process may watch, over all roots.
package final class WatchBudget: Sendable {
    /// What the kernel keeps for a watched folder, the folder's own entry in its cache included, and what this program
    /// does.
    package static let bytesPerFolder: Int64 = 1200
    /// The part of the memory that may go for it.
    private static let memoryShare: Int64 = 64
    /// At least so many are worth it anywhere: a hundred thousand tracks or so.
    package static let range = 8_192...200_000

    package let limit: Int
    private let taken = Mutex(0)

    package init(limit: Int) {
        self.limit = limit
    }

    package convenience init(memoryBytes: Int64) {
        self.init(limit: Self.limit(memoryBytes: memoryBytes))
    }

    package static func limit(memoryBytes: Int64) -> Int {
        let fitting = Int(clamping: memoryBytes / memoryShare / bytesPerFolder)
        return min(max(fitting, range.lowerBound), range.upperBound)
    }

    func take() -> Bool {
        taken.withLock { taken in
            guard taken < limit else { return false }
            taken += 1
            return true
        }
    }

    func give(_ count: Int) { taken.withLock { $0 -= count } }
}
