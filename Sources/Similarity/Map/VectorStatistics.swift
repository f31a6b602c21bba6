/// Mean and covariance of vectors, in one pass.
package struct VectorStatistics: Sendable {
    package let dimension: Int
    package private(set) var count = 0
    private var sums: [Double]
    /// Upper triangle of the sum of products, row by row.
    private var products: [Double]

    package init(dimension: Int) {
        self.dimension = dimension
        sums = [Double](repeating: 0, count: dimension)
        products = [Double](repeating: 0, count: dimension * (dimension + 1) / 2)
    }

    /// - Parameter vector: At least as long as the dimension; what follows is passed over.
    package mutating func add(_ vector: [Float]) {
        let values = vector.prefix(dimension).map(Double.init)
        precondition(values.count == dimension, "a vector has as many components as its space has dimensions")
        count += 1
        let dimension = dimension
        values.withUnsafeBufferPointer { values in
            for index in 0..<dimension { sums[index] += values[index] }
            products.withUnsafeMutableBufferPointer { products in
                var place = 0
                for row in 0..<dimension {
                    let value = values[row]
                    for column in row..<dimension { products[place &+ column &- row] += value * values[column] }
                    place += dimension - row
                }
            }
        }
    }

    /// Zeros when there is no vector.
    package var mean: [Float] { sums.map { Float($0 / Double(max(1, count))) } }

    /// The upper triangle of the matrix, row by row.
    package var covariance: [Float] {
        let count = Double(max(1, count))
        var values: [Float] = []
        values.reserveCapacity(products.count)
        for row in 0..<dimension {
            for column in row..<dimension {
                values.append(Float(products[values.count] / count - sums[row] / count * (sums[column] / count)))
            }
        }
        return values
    }
}
