/// What an account plays and where it is: one for all its players, so that another one goes on where this one stopped.
package struct PlayQueue: Hashable, Sendable {
    package var trackIDs: [Int64]
    /// Of the track that plays; the first is 0.
    package var currentIndex: Int
    /// Milliseconds within that track.
    package var positionMs: Int64
    /// Microseconds since the epoch; later after each change.
    package var changedAt: Int64
    /// The name of the player that saved it; empty when it told none.
    package var changedBy: String

    package init(trackIDs: [Int64], currentIndex: Int, positionMs: Int64, changedAt: Int64, changedBy: String) {
        self.trackIDs = trackIDs
        self.currentIndex = currentIndex
        self.positionMs = positionMs
        self.changedAt = changedAt
        self.changedBy = changedBy
    }

    package static let maxEntries = 50_000
    /// A year.
    package static let maxPositionMs: Int64 = 366 * 24 * 3600 * 1000
    /// In Unicode scalars; a longer name is cut.
    package static let maxClientLength = 200
}

/// A queue as a player saves it.
package struct NewPlayQueue: Hashable, Sendable {
    package var trackIDs: [Int64]
    package var currentIndex: Int
    package var positionMs: Int64
    package var client: String
    /// `changedAt` of the queue that is replaced, 0 where there was none; nil replaces whatever there is.
    package var expected: Int64?

    package init(
        trackIDs: [Int64], currentIndex: Int = 0, positionMs: Int64 = 0, client: String, expected: Int64? = nil
    ) {
        self.trackIDs = trackIDs
        self.currentIndex = currentIndex
        self.positionMs = positionMs
        self.client = client
        self.expected = expected
    }
}
