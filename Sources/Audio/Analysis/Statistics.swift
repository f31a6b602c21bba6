/// Plain statistics of short series. An empty series gives 0.
enum Statistics {
    static func mean(_ values: some Collection<Double>) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    /// Of the population.
    static func deviation(_ values: some Collection<Double>) -> Double {
        let mean = mean(values)
        return Self.mean(values.map { ($0 - mean) * ($0 - mean) }).squareRoot()
    }

    /// Linear interpolation between the closest ranks; `percent` in 0…100.
    static func percentile(_ values: some Collection<Float>, _ percent: Double) -> Double {
        let sorted = values.sorted()
        guard let last = sorted.last else { return 0 }
        let position = Double(sorted.count - 1) * percent / 100
        let index = Int(position)
        guard index + 1 < sorted.count else { return Double(last) }
        let (low, high) = (Double(sorted[index]), Double(sorted[index + 1]))
        return low + (high - low) * (position - Double(index))
    }

    /// The series minus its centred moving mean over `width` values (odd); beyond the ends lie zeros.
    static func detrended(_ values: [Float], width: Int) -> [Float] {
        let reach = width / 2
        var sum = values.prefix(reach).reduce(0.0) { $0 + Double($1) }
        return values.indices.map { index in
            if index + reach < values.count { sum += Double(values[index + reach]) }
            if index - reach - 1 >= 0 { sum -= Double(values[index - reach - 1]) }
            return Float(Double(values[index]) - sum / Double(width))
        }
    }
}
