import CSimilarity

/// One search: the query, the best so far, and what it takes to bound a score without reading a whole vector.
///
/// With v = v̂ + e a stored vector and q = q̂ + d the query, hats meaning 8 bits a component:
/// q·v = q̂·v̂ + d·v̂ + q·e ≤ q̂·v̂ + |d||v̂| + |q||e| (Cauchy–Schwarz). So the answer is that of a full scan.
struct VectorScan {
    private(set) var best: BestNeighbours
    private let query: [Float]
    private let codes: [Int8]
    private let step: Float
    /// |d| and |q|.
    private let (error, length): (Float, Float)
    private var found = [Int32](repeating: 0, count: rowsAtOnce)
    private var bounds = [Float](repeating: 0, count: rowsAtOnce)

    /// Rows that are compared with one threshold.
    private static let rowsAtOnce = 1024
    /// Room for the rounding of the bounds themselves.
    private static let (slack, rounding): (Float, Float) = (1.0001, 1e-6)

    /// - Parameter query: Padded to the stride of the blocks.
    init(_ query: [Float], limit: Int) {
        best = BestNeighbours(limit: limit)
        self.query = query
        var codes = [Int8](repeating: 0, count: query.count)
        var fine = [UInt8](repeating: 0, count: query.count)
        step = sillon_encode(query, query.count, 8, &codes, &fine).step
        self.codes = codes
        var (errors, squares): (Float, Float) = (0, 0)
        for (value, code) in zip(query, codes) {
            let difference = value - Float(code) * step
            errors += difference * difference
            squares += value * value
        }
        (error, length) = (errors.squareRoot(), squares.squareRoot())
    }

    /// - Parameter admits: Asked only of rows whose score could be among the best.
    mutating func run(over block: VectorBlock, where admits: (Int64) -> Bool) {
        let uncertain = (error * Self.slack + length * Self.rounding) * block.length
        let margin = length * block.residual * Self.slack
        var start = 0
        while start < block.count {
            let range = start..<min(block.count, start + Self.rowsAtOnce)
            let count = scan(range, of: block, margin: margin, least: best.worst - uncertain)
            for place in 0..<count where bounds[place] >= best.worst - uncertain {
                let row = start + Int(found[place])
                let id = block.id(row)
                if admits(id) { best.offer(id, block.score(row, query)) }
            }
            start = range.upperBound
        }
    }

    private mutating func scan(_ range: Range<Int>, of block: VectorBlock, margin: Float, least: Float) -> Int {
        codes.withUnsafeBufferPointer { codes in
            let query = sillon_query(codes: codes.baseAddress, stride: query.count, scale: step, margin: margin)
            return block.scan(range, query, least: least, &found, &bounds)
        }
    }
}
