/// An order by chance that a number decides, so that its pages fit together and nobody has to keep it.
package struct Shuffle: Hashable, Sendable {
    package let seed: Int64

    private static let golden: UInt64 = 0x9e37_79b9_7f4a_7c15

    package init(seed: Int64) {
        self.seed = seed
    }

    /// Where a row stands. Each has a place of its own, which stays when others come or go.
    package func place(of id: Int64) -> UInt64 {
        let start = Self.mixed(UInt64(bitPattern: seed) &+ Self.golden)
        return Self.mixed(start ^ UInt64(bitPattern: id))
    }

    /// The last steps of SplitMix64. Every number leads to another one.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
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
