/// The values of one metric at one moment.
package struct MetricValues: Sendable {
    package enum Value: Sendable {
        case number(Double)
        case histogram(Histogram)
    }

    package struct Histogram: Hashable, Sendable {
        /// For each bound how many values are no larger, but larger than the bound before; then those beyond the last.
        package var counts: [Int64]
        package var sum: Double
    }

    package struct Point: Sendable {
        /// In the order of the family's names.
        package let labels: [String]
        package let value: Value
    }

    package let family: MetricFamily
    package let points: [Point]

    /// Samples by family, in the order in which families come first.
    package static func of(_ samples: [MetricSample]) -> [MetricValues] {
        var order: [MetricFamily] = []
        var points: [String: [Point]] = [:]
        for sample in samples {
            if points[sample.family.name] == nil { order.append(sample.family) }
            points[sample.family.name, default: []].append(
                Point(labels: sample.labels, value: .number(sample.value)))
        }
        return order.map { MetricValues(family: $0, points: points[$0.name] ?? []) }
    }
}
