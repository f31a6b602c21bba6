/// Mean and deviation of the columns of a table that is seen once (Welford 1962), without keeping it.
struct RunningMoments {
    private(set) var means: [Double]
    private var squares: [Double]
    private var count = 0.0

    init(_ columns: Int) {
        means = Array(repeating: 0, count: columns)
        squares = means
    }

    mutating func add(_ row: [Double]) {
        count += 1
        for column in means.indices {
            let difference = row[column] - means[column]
            means[column] += difference / count
            squares[column] += difference * (row[column] - means[column])
        }
    }

    /// Of the population; 0 for an empty table.
    var deviations: [Double] {
        squares.map { count > 0 ? ($0 / count).squareRoot() : 0 }
    }
}
