/// Some vectors side by side, for questions that compare them with each other again and again.
package struct PointCloud: Sendable {
    package let ids: [Int64]
    private let dimension: Int
    /// Rows are padded with zeros to whole SIMD registers.
    private let stride: Int
    private let values: [Float]

    /// Ids without a vector are left out.
    package init(_ ids: [Int64], dimension: Int, vector: (Int64) -> [Float]?) {
        self.dimension = dimension
        stride = (dimension + 15) / 16 * 16
        let padding = [Float](repeating: 0, count: stride - dimension)
        var (known, values): ([Int64], [Float]) = ([], [])
        values.reserveCapacity(ids.count * stride)
        for id in ids {
            guard let vector = vector(id), vector.count == dimension else { continue }
            known.append(id)
            values += vector
            values += padding
        }
        self.ids = known
        self.values = values
    }

    package var count: Int { ids.count }

    /// The dot product of each vector with this one.
    func dots(with vector: [Float]) -> [Float] {
        let padded = vector.prefix(dimension) + [Float](repeating: 0, count: stride - min(dimension, vector.count))
        return padded.withUnsafeBufferPointer { query in
            values.withUnsafeBufferPointer { values in
                guard let query = query.baseAddress, let values = values.baseAddress else { return [] }
                return ids.indices.map { DotProduct.dot(query, values + $0 * stride, stride) }
            }
        }
    }

    func dot(_ one: Int, _ other: Int) -> Float {
        values.withUnsafeBufferPointer { values in
            guard let values = values.baseAddress else { return 0 }
            return DotProduct.dot(values + one * stride, values + other * stride, stride)
        }
    }

    func vector(_ index: Int) -> [Float] { Array(values[index * stride..<index * stride + dimension]) }
}
