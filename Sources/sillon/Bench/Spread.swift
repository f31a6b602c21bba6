/// A median with its range.
struct Spread: Hashable, Sendable, Encodable {
    let median: Double
    let min: Double
    let max: Double

    init(_ values: [Double]) {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        if sorted.isEmpty {
            median = 0
        } else if sorted.count.isMultiple(of: 2) {
            median = (sorted[middle - 1] + sorted[middle]) / 2
        } else {
            median = sorted[middle]
        }
        min = sorted.first ?? 0
        max = sorted.last ?? 0
    }

    func text(places: Int) -> String {
        "median \(Readable.decimal(median, places)), from \(Readable.decimal(min, places)) "
            + "to \(Readable.decimal(max, places))"
    }
}
