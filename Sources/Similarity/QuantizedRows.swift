/// Vectors as 8-bit codes with a step of their own, and how far each lies from what it stands for.
///
/// Score bounds: with v = v̂ + e and q = q̂ + d, q·v = q̂·v̂ + d·v̂ + q·e ≤ q̂·v̂ + |d||v̂| + |q||e| (Cauchy–Schwarz).
struct QuantizedRows: Sendable {
    private struct Row {
        /// Value of one code step.
        var step: Float = 0
        /// |e|, rounded up.
        var error: Float = 0
        /// |v̂|, rounded up.
        var length: Float = 0
    }

    /// Components of a row: a multiple of 16.
    private let stride: Int
    private var codes: [Int8] = []
    private var rows: [Row] = []

    /// Codes lie in −127…127, so that two products still fit into 16 bits.
    static let largestCode: Float = 127
    /// Room for the rounding of the bounds themselves.
    private static let slack: Float = 1.0001

    init(stride: Int) {
        self.stride = stride
    }

    mutating func reserveCapacity(_ count: Int) {
        codes.reserveCapacity(count * stride)
        rows.reserveCapacity(count)
    }

    mutating func append() {
        codes.append(contentsOf: repeatElement(0, count: stride))
        rows.append(Row())
    }

    mutating func write(_ vector: ArraySlice<Float>, _ slot: Int) {
        let quantized = Self.quantize(vector)
        for (offset, code) in quantized.codes.enumerated() { codes[slot * stride + offset] = code }
        var (error, length): (Float, Float) = (0, 0)
        for (value, code) in zip(vector, quantized.codes) {
            let stood = Float(code) * quantized.step
            error += (value - stood) * (value - stood)
            length += stood * stood
        }
        rows[slot] = Row(
            step: quantized.step, error: error.squareRoot() * Self.slack, length: length.squareRoot() * Self.slack)
    }

    static func quantize(_ vector: some Sequence<Float>) -> (codes: [Int8], step: Float) {
        let largest = vector.reduce(0) { max($0, abs($1)) }
        let step = largest / largestCode
        guard step > 0, step.isNormal else { return (vector.map { _ in 0 }, 0) }
        return (vector.map { Int8(min(largestCode, max(-largestCode, ($0 / step).rounded()))) }, step)
    }

    /// Calls `visit` for each slot whose score may reach the threshold at that time.
    func scan(_ query: QuantizedQuery, threshold: () -> Float, _ visit: (Int) -> Void) {
        query.codes.withUnsafeBytes { query16 in
            codes.withUnsafeBytes { bytes in
                guard let left = query16.baseAddress, let right = bytes.baseAddress else { return }
                rows.withUnsafeBufferPointer { rows in
                    var worst = threshold()
                    for slot in 0..<rows.count {
                        let row = rows[slot]
                        let sum = Float(Self.dot(left, right + slot &* stride, stride))
                        let score = sum * query.step * row.step
                        let margin = query.error * row.length + query.length * row.error
                        if score + margin * Self.slack >= worst {
                            visit(slot)
                            worst = threshold()
                        }
                    }
                }
            }
        }
    }

    /// Even and odd bytes are widened to 16 bits by shifts; pairs of products are widened to 32 bits in the same way.
    ///
    /// - Parameter query: For each 16 codes first the even ones, then the odd ones, as 16-bit integers.
    @inline(__always)
    private static func dot(_ query: UnsafeRawPointer, _ row: UnsafeRawPointer, _ count: Int) -> Int32 {
        var sum = SIMD4<Int32>.zero
        var offset = 0
        while offset < count {
            let pairs = row.loadUnaligned(fromByteOffset: offset, as: SIMD8<Int16>.self)
            let even = (pairs &<< 8) &>> 8
            let odd = pairs &>> 8
            let products =
                even &* query.loadUnaligned(fromByteOffset: 2 &* offset, as: SIMD8<Int16>.self)
                &+ odd &* query.loadUnaligned(fromByteOffset: 2 &* offset &+ 16, as: SIMD8<Int16>.self)
            let wide = unsafeBitCast(products, to: SIMD4<Int32>.self)
            sum = sum &+ ((wide &<< 16) &>> 16) &+ (wide &>> 16)
            offset &+= 16
        }
        return sum[0] &+ sum[1] &+ sum[2] &+ sum[3]
    }
}

/// A query in the form that a scan reads.
struct QuantizedQuery {
    /// For each 16 components first the even ones, then the odd ones.
    let codes: [Int16]
    let step: Float
    /// |d| and |q|.
    let error: Float
    let length: Float

    /// - Parameter vector: Padded to a multiple of 16.
    init(_ vector: [Float]) {
        let quantized = QuantizedRows.quantize(vector)
        step = quantized.step
        codes = Swift.stride(from: 0, to: vector.count, by: 16).flatMap { start in
            (0..<8).map { Int16(quantized.codes[start + 2 * $0]) }
                + (0..<8).map { Int16(quantized.codes[start + 2 * $0 + 1]) }
        }
        let squares = zip(vector, quantized.codes).reduce(Float(0)) { sum, pair in
            let difference = pair.0 - Float(pair.1) * quantized.step
            return sum + difference * difference
        }
        error = squares.squareRoot()
        length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
}
