/// A real symmetric matrix, whole.
struct SymmetricMatrix: Sendable {
    let size: Int
    private(set) var values: [Double]

    /// Nil when the values are not those of an upper triangle, row by row, or hold what is no number.
    init?(upperTriangle triangle: [Float], size: Int) {
        guard triangle.count == size * (size + 1) / 2, triangle.allSatisfy(\.isFinite) else { return nil }
        var values = [Double](repeating: 0, count: size * size)
        var place = 0
        for row in 0..<size {
            for column in row..<size {
                values[row * size + column] = Double(triangle[place])
                values[column * size + row] = Double(triangle[place])
                place += 1
            }
        }
        self.init(size: size, values: values)
    }

    private init(size: Int, values: [Double]) {
        self.size = size
        self.values = values
    }

    subscript(row: Int, column: Int) -> Double { values[row * size + column] }

    var trace: Double { (0..<size).reduce(0) { $0 + self[$1, $1] } }

    func times(_ vector: [Double]) -> [Double] {
        (0..<size).map { row in
            var sum = 0.0
            for column in 0..<size { sum += values[row * size + column] * vector[column] }
            return sum
        }
    }

    /// What this matrix is in the space of some orthonormal vectors.
    func projected(on vectors: [[Double]]) -> SymmetricMatrix {
        let images = vectors.map(times)
        let values = vectors.flatMap { vector in images.map { dot(vector, $0) } }
        return SymmetricMatrix(size: vectors.count, values: values)
    }

    /// Eigenvalues, the largest first, each with its vector of unit length. By Jacobi's rotations (Golub and Van Loan,
    /// Matrix Computations, 8.5), which suit small matrices.
    func eigenpairs() -> [(value: Double, vector: [Double])] {
        var matrix = self
        var vectors = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0.0 } }
        for _ in 0..<Self.maxSweeps where matrix.offDiagonal > Self.precision * abs(trace) {
            for row in 0..<size {
                for column in row + 1..<max(row + 1, size) { matrix.rotate(row, column, &vectors) }
            }
        }
        return (0..<size).map { (matrix[$0, $0], vectors[$0]) }.sorted { $0.0 > $1.0 }
    }

    private static let maxSweeps = 30
    private static let precision = 1e-14

    private var offDiagonal: Double {
        (0..<size).reduce(0) { sum, row in
            (0..<size).reduce(sum) { $0 + ($1 == row ? 0 : abs(self[row, $1])) }
        }
    }

    /// Makes the element at `row`, `column` zero; the rows of `vectors` turn along.
    private mutating func rotate(_ row: Int, _ column: Int, _ vectors: inout [[Double]]) {
        let element = self[row, column]
        guard element != 0 else { return }
        let ratio = (self[column, column] - self[row, row]) / (2 * element)
        let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for index in 0..<size {
            let (one, other) = (self[index, row], self[index, column])
            values[index * size + row] = cosine * one - sine * other
            values[index * size + column] = sine * one + cosine * other
        }
        for index in 0..<size {
            let (one, other) = (self[row, index], self[column, index])
            values[row * size + index] = cosine * one - sine * other
            values[column * size + index] = sine * one + cosine * other
            (vectors[row][index], vectors[column][index]) = (
                cosine * vectors[row][index] - sine * vectors[column][index],
                sine * vectors[row][index] + cosine * vectors[column][index]
            )
        }
    }
}

func dot(_ one: [Double], _ other: [Double]) -> Double {
    var sum = 0.0
    for index in one.indices { sum += one[index] * other[index] }
    return sum
}
