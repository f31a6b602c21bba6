import CSimilarity

/// Up to 4096 vectors as numbers of 13 or 16 bits: an upper part of 8 bits, which a scan reads, and a lower one for the
/// few that it finds. A value: changing a copy copies one block, never the index.
struct VectorBlock: Sendable {
    private var rows: VectorRows
    private(set) var count = 0
    /// With v a stored vector, v̂ its upper part and e = v − v̂: the largest |e| / step and |v̂| that any row has, or had.
    private(set) var (residual, length): (Float, Float) = (0, 0)

    init(stride: Int) {
        rows = VectorRows(stride: stride)
    }

    var isFull: Bool { count == VectorRows.capacity }

    /// Adds a free row.
    mutating func append() {
        precondition(!isFull, "a full block takes no more rows")
        own()
        rows.steps[count] = .nan
        count += 1
    }

    /// - Parameter vector: Padded to the stride.
    mutating func write(_ id: Int64, _ vector: [Float], _ row: Int) {
        own()
        let coded = sillon_encode(
            vector, rows.stride, rows.fineBits, rows.codes + row * rows.stride, rows.fine + row * rows.fineStride)
        rows.ids[row] = id
        rows.steps[row] = coded.step
        residual = max(residual, coded.residual)
        length = max(length, coded.length)
    }

    mutating func free(_ row: Int) {
        own()
        rows.steps[row] = .nan
    }

    private mutating func own() {
        if !isKnownUniquelyReferenced(&rows) { rows = rows.copy(count) }
    }

    func isFree(_ row: Int) -> Bool { rows.steps[row].isNaN }

    func id(_ row: Int) -> Int64 { rows.ids[row] }

    /// Padded to the stride.
    func vector(_ row: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: rows.stride) { buffer, filled in
            guard let start = buffer.baseAddress else { return }
            sillon_decode(
                rows.codes + row * rows.stride, rows.fine + row * rows.fineStride, rows.fineBits, rows.steps[row],
                rows.stride, start)
            filled = rows.stride
        }
    }

    /// - Parameter query: Padded to the stride.
    func score(_ row: Int, _ query: [Float]) -> Float {
        sillon_score(
            rows.codes + row * rows.stride, rows.fine + row * rows.fineStride, rows.fineBits, rows.steps[row], query,
            rows.stride)
    }

    /// Writes numbers and bounds of the rows in `range` whose bound is at least `least`; answers how many there are.
    func scan(
        _ range: Range<Int>, _ query: sillon_query, least: Float, _ found: inout [Int32], _ bounds: inout [Float]
    ) -> Int {
        withUnsafePointer(to: query) { query in
            sillon_scan(
                rows.codes + range.lowerBound * rows.stride, rows.steps + range.lowerBound, range.count, query, least,
                &found, &bounds)
        }
    }
}
