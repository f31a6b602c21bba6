/// Exact nearest neighbours by dot product over vectors in one block of memory.
///
/// A scan reads 8-bit copies (a quarter of the memory traffic) with a bound on their error, and scores in full precision
/// only those that could be among the best: the answer is that of a full scan. Memory: 5 bytes for each component.
/// A value: share it behind a lock, or copy it (copies share memory until one is changed).
package struct VectorIndex: Sendable {
    package typealias Neighbour = (id: Int64, score: Float)

    /// Components of a vector.
    package let dimension: Int
    /// Rows are padded with zeros to whole SIMD registers.
    private let stride: Int
    private var rows: [Float] = []
    private var codes: QuantizedRows
    /// Id of each slot; nil: free, its row is zero.
    private var ids: [Int64?] = []
    private var slots: [Int64: Int] = [:]
    private var freeSlots: [Int] = []

    /// No answer is longer.
    package static let maxLimit = 10_000
    /// Components beyond this are refused: sums of squares must stay far from overflow.
    private static let largestComponent: Float = 1e6

    package init(dimension: Int) {
        precondition((1...65_536).contains(dimension), "a vector has 1 to 65,536 components")
        self.dimension = dimension
        stride = (dimension + 15) / 16 * 16
        codes = QuantizedRows(stride: stride)
    }

    package var count: Int { slots.count }
    package func contains(_ id: Int64) -> Bool { slots[id] != nil }

    package mutating func reserveCapacity(_ count: Int) {
        rows.reserveCapacity(count * stride)
        codes.reserveCapacity(count)
        ids.reserveCapacity(count)
        slots.reserveCapacity(count)
    }

    /// Adds the vector, or puts it in the place of the one that the id has.
    package mutating func upsert(_ id: Int64, _ vector: [Float]) throws(VectorIndexError) {
        try check(vector)
        let slot = slots[id] ?? claimSlot()
        slots[id] = slot
        ids[slot] = id
        write(vector, slot)
    }

    /// False when the index has no such id.
    @discardableResult
    package mutating func remove(_ id: Int64) -> Bool {
        guard let slot = slots.removeValue(forKey: id) else { return false }
        ids[slot] = nil
        write([Float](repeating: 0, count: dimension), slot)
        freeSlots.append(slot)
        return true
    }

    package func vector(_ id: Int64) -> [Float]? {
        slots[id].map { Array(rows[$0 * stride..<$0 * stride + dimension]) }
    }

    /// The ids with the largest dot products, best first; equal scores in ascending order of id.
    ///
    /// - Parameter admits: Whether an id may be in the answer; asked only of those whose score could bring them there.
    package func nearest(
        to query: [Float], limit: Int, where admits: (Int64) -> Bool = { _ in true }
    ) throws(VectorIndexError) -> [Neighbour] {
        try check(query)
        guard limit > 0, !slots.isEmpty else { return [] }
        var best = BestNeighbours(limit: min(limit, Self.maxLimit))
        let padded = query + [Float](repeating: 0, count: stride - dimension)
        let code = QuantizedQuery(padded)
        padded.withUnsafeBufferPointer { query in
            rows.withUnsafeBufferPointer { rows in
                guard let query = query.baseAddress, let rows = rows.baseAddress else { return }
                codes.scan(code, threshold: { best.worst }) { slot in
                    guard let id = ids[slot], admits(id) else { return }
                    best.offer(id, DotProduct.dot(query, rows + slot * stride, stride))
                }
            }
        }
        return best.sorted()
    }

    private func check(_ vector: [Float]) throws(VectorIndexError) {
        guard vector.count == dimension else {
            throw .wrongDimension(expected: dimension, actual: vector.count)
        }
        guard vector.allSatisfy({ abs($0) <= Self.largestComponent }) else { throw .notFinite }
    }

    private mutating func claimSlot() -> Int {
        if let slot = freeSlots.popLast() { return slot }
        rows.append(contentsOf: repeatElement(0, count: stride))
        codes.append()
        ids.append(nil)
        return ids.count - 1
    }

    private mutating func write(_ vector: [Float], _ slot: Int) {
        for (offset, value) in vector.enumerated() { rows[slot * stride + offset] = value }
        codes.write(rows[slot * stride..<(slot + 1) * stride], slot)
    }
}
