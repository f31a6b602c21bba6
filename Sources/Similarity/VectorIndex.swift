/// Exact nearest neighbours by dot product over vectors of 13 bits a component, 16 up to 96 components.
///
/// A scan reads the upper 8 bits of each component with a bound on what the others add, and scores with all of them only
/// those that could be among the best: the answer is that of a full scan over what is stored. A stored vector has its true
/// length, and each component is right to 1/4064 of the largest one, so scores are right to about 5e-5 for unit vectors.
/// Memory: those bits (components are padded to a multiple of 32) and 16 bytes for each vector.
///
/// A value: copy it under a lock, search the copy without. Copies share memory; changing one copies 4096 vectors at most.
package struct VectorIndex: Sendable {
    package typealias Neighbour = (id: Int64, score: Float)

    /// Components of a vector.
    package let dimension: Int
    private let stride: Int
    private(set) var blocks: [VectorBlock] = []
    private var places = PlaceTable()
    private var free: [UInt32] = []

    /// No answer is longer.
    package static let maxLimit = 10_000
    package static let maxDimension = 65_536
    /// Components beyond this are refused: sums of squares must stay far from overflow.
    private static let largestComponent: Float = 1e6

    package init(dimension: Int) {
        precondition((1...Self.maxDimension).contains(dimension), "a vector has 1 to 65,536 components")
        self.dimension = dimension
        stride = (dimension + VectorRows.unit - 1) / VectorRows.unit * VectorRows.unit
    }

    package var count: Int { places.count }
    /// Bytes of the rows that were written by now, free ones among them.
    package var bytes: Int { blocks.reduce(0) { $0 + $1.count } * VectorRows.rowBytes(stride: stride) }
    package func contains(_ id: Int64) -> Bool { places[id] != nil }

    /// Adds the vector, or puts it in the place of the one that the id has.
    package mutating func upsert(_ id: Int64, _ vector: [Float]) throws(VectorIndexError) {
        try check(vector)
        let place = places[id] ?? claim()
        places.set(id, place)
        blocks[place / VectorRows.capacity].write(id, padded(vector), place % VectorRows.capacity)
    }

    /// False when the index has no such id.
    @discardableResult
    package mutating func remove(_ id: Int64) -> Bool {
        guard let place = places.remove(id) else { return false }
        blocks[place / VectorRows.capacity].free(place % VectorRows.capacity)
        free.append(UInt32(place))
        return true
    }

    /// The vector as it is stored.
    package func vector(_ id: Int64) -> [Float]? {
        places[id].map { place in
            Array(blocks[place / VectorRows.capacity].vector(place % VectorRows.capacity).prefix(dimension))
        }
    }

    /// The ids with the largest dot products, best first; equal scores in ascending order of id.
    ///
    /// - Parameter admits: Whether an id may be in the answer; asked only of those whose score could bring them there.
    package func nearest(
        to query: [Float], limit: Int, where admits: (Int64) -> Bool = { _ in true }
    ) throws(VectorIndexError) -> [Neighbour] {
        try check(query)
        guard limit > 0, count > 0 else { return [] }
        var scan = VectorScan(padded(query), limit: min(limit, Self.maxLimit))
        for block in blocks { scan.run(over: block, where: admits) }
        return scan.best.sorted()
    }

    /// As `nearest` when only these ids are admitted; the rest of the index is not looked at.
    package func nearest(
        to query: [Float], limit: Int, among ids: some Sequence<Int64>
    ) throws(VectorIndexError) -> [Neighbour] {
        try check(query)
        guard limit > 0 else { return [] }
        let query = padded(query)
        var best = BestNeighbours(limit: min(limit, Self.maxLimit))
        for id in Set(ids) {
            guard let place = places[id] else { continue }
            best.offer(id, blocks[place / VectorRows.capacity].score(place % VectorRows.capacity, query))
        }
        return best.sorted()
    }

    private func check(_ vector: [Float]) throws(VectorIndexError) {
        guard vector.count == dimension else {
            throw .wrongDimension(expected: dimension, actual: vector.count)
        }
        guard vector.allSatisfy({ abs($0) <= Self.largestComponent }) else { throw .notFinite }
    }

    func padded(_ vector: [Float]) -> [Float] {
        var padded: [Float] = []
        padded.reserveCapacity(stride)
        padded.append(contentsOf: vector)
        for _ in dimension..<stride { padded.append(0) }
        return padded
    }

    private mutating func claim() -> Int {
        if let place = free.popLast() { return Int(place) }
        if blocks.last?.isFull ?? true {
            precondition(blocks.count < PlaceTable.limit / VectorRows.capacity, "four billion vectors are the limit")
            blocks.append(VectorBlock(stride: stride))
        }
        blocks[blocks.count - 1].append()
        return (blocks.count - 1) * VectorRows.capacity + blocks[blocks.count - 1].count - 1
    }
}
