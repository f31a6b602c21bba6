import Domain

/// What this server tells of the library roots that it keeps up to date. Other servers may watch them too, or not.
package protocol UpkeepReport: Sendable {
    /// Nil for a root that this server has not come to know of yet.
    func state(ofRoot id: Int64) -> RootUpkeepState?
}

/// How a library root is being kept up to date.
package struct RootUpkeepState: Hashable, Sendable {
    package var coverage: WatchCoverage
    /// When the root is scanned by itself: microseconds since the epoch. In the past while that scan waits for one that
    /// has not ended; nil for never.
    package var nextScanAt: Int64?
    /// When the watcher saw a change last, since this server started: microseconds since the epoch.
    package var lastChangeAt: Int64?

    package init(coverage: WatchCoverage, nextScanAt: Int64? = nil, lastChangeAt: Int64? = nil) {
        self.coverage = coverage
        self.nextScanAt = nextScanAt
        self.lastChangeAt = lastChangeAt
    }
}
