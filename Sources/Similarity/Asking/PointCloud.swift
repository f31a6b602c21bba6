/// Some vectors side by side, for questions that compare them with each other again and again.
package struct PointCloud: Sendable {
    package let ids: [Int64]
    private let dimension: Int
    /// Rows are padded with zeros to whole SIMD registers of eight.
    private let stride: Int
    private let values: [Float]

    /// Ids without a vector are left out.
    package init(_ ids: [Int64], dimension: Int, vector: (Int64) -> [Float]?) {
        self.dimension = dimension
        stride = (dimension + 7) / 8 * 8
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
                return ids.indices.map { Self.dot(query, values + $0 * stride, stride) }
            }
        }
    }

    func dot(_ one: Int, _ other: Int) -> Float {
        values.withUnsafeBufferPointer { values in
            guard let values = values.baseAddress else { return 0 }
            return Self.dot(values + one * stride, values + other * stride, stride)
        }
    }

    func vector(_ index: Int) -> [Float] { Array(values[index * stride..<index * stride + dimension]) }

    /// - Parameter count: A multiple of 8.
    private static func dot(_ one: UnsafePointer<Float>, _ other: UnsafePointer<Float>, _ count: Int) -> Float {
        let (left, right) = (UnsafeRawPointer(one), UnsafeRawPointer(other))
        var sum = SIMD8<Float>.zero
        var offset = 0
        while offset < count &* 4 {
            sum +=
                left.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                * right.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            offset &+= 32
        }
        return sum.sum()
    }
}
