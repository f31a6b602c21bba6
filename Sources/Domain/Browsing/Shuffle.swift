/// An order by chance that a number decides, so that its pages fit together and nobody has to keep it.
package struct Shuffle: Hashable, Sendable {
    package let seed: Int64

    package init(seed: Int64) {
        self.seed = seed
    }

    /// Where a row stands. Each has a place of its own, which stays when others come or go.
    package func place(of id: Int64) -> UInt64 {
        let start = SplitMix64.mixed(UInt64(bitPattern: seed) &+ SplitMix64.golden)
        return SplitMix64.mixed(start ^ UInt64(bitPattern: id))
    }
}

/// The first rows of a shuffle behind a place, found among rows that come in any order; holds twice as many at most.
package struct ShuffledPiece: Sendable {
    private let shuffle: Shuffle
    private let start: UInt64?
    private let count: Int
    private var rows: [(place: UInt64, id: Int64)] = []

    /// - Parameter id: The last row of the piece before; nil for the first piece.
    package init(_ shuffle: Shuffle, after id: Int64?, count: Int) {
        self.shuffle = shuffle
        start = id.map(shuffle.place)
        self.count = count
    }

    package mutating func take(_ id: Int64) {
        let place = shuffle.place(of: id)
        if let start, place <= start { return }
        rows.append((place, id))
        if rows.count >= 2 * count { rows = sorted }
    }

    /// In order.
    package var ids: [Int64] { sorted.map(\.id) }

    private var sorted: [(place: UInt64, id: Int64)] {
        Array(rows.sorted { $0.place < $1.place }.prefix(count))
    }
}
