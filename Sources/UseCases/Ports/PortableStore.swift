import Contracts

/// What was heard, by content, as it goes from one library to another.
package protocol PortableStore: Sendable {
    /// In ascending order of content keys, those after `contentKey`; at most `limit`, and none when that was all.
    func portableRecords(after contentKey: String, limit: Int) async throws -> [PortableRecord]

    /// All of them in one transaction, or none. What is there already stays as it is.
    ///
    /// - Parameter now: Microseconds since the epoch.
    func addPortable(_ records: [PortableRecord], now: Int64) async throws -> PortableCounts
}

/// What became of records that were brought from elsewhere.
package struct PortableCounts: Hashable, Sendable {
    package var analysesAdded = 0
    package var analysesKnown = 0
    package var vectorsAdded = 0
    package var vectorsKnown = 0
    /// Tracks of this library that have a vector since.
    package var tracks = 0

    package init() {}

    package static func += (left: inout PortableCounts, right: PortableCounts) {
        left.analysesAdded += right.analysesAdded
        left.analysesKnown += right.analysesKnown
        left.vectorsAdded += right.vectorsAdded
        left.vectorsKnown += right.vectorsKnown
        left.tracks += right.tracks
    }
}
