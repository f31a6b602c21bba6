import CoreMetrics

/// A metric of the list in `Metrics`.
package protocol DeclaredMetric: Sendable {
    var family: MetricFamily { get }
}

/// A value that was read, not counted.
package struct MetricSample: Hashable, Sendable {
    package let family: MetricFamily
    package let labels: [String]
    package let value: Double
}

/// Counts events; or tells a count that is kept elsewhere.
package struct CounterMetric<each Label: MetricLabel>: DeclaredMetric {
    package let family: MetricFamily

    init(
        _ name: String, _ help: String, _ labels: repeat (each Label).Type, from origin: MetricFamily.Origin = .process
    ) {
        family = MetricFamily(name, .counter, origin, help, repeat each labels)
    }

    package func count(
        _ label: repeat each Label, by amount: Int = 1, factory: any MetricsFactory = MetricsSystem.factory
    ) {
        guard amount > 0 else { return }
        let labels = labelValues(repeat each label)
        Counter(label: family.name, dimensions: family.dimensions(labels), factory: factory).increment(by: amount)
    }

    package func sample(_ value: Int, _ label: repeat each Label) -> MetricSample {
        MetricSample(family: family, labels: labelValues(repeat each label), value: Double(value))
    }

    package func sample(_ value: Double, _ label: repeat each Label) -> MetricSample {
        MetricSample(family: family, labels: labelValues(repeat each label), value: value)
    }
}

/// A number that goes up and down.
package struct GaugeMetric<each Label: MetricLabel>: DeclaredMetric {
    package let family: MetricFamily

    init(
        _ name: String, _ help: String, _ labels: repeat (each Label).Type, from origin: MetricFamily.Origin = .process
    ) {
        family = MetricFamily(name, .gauge, origin, help, repeat each labels)
    }

    package func set(_ value: Double, _ label: repeat each Label) {
        meter(labelValues(repeat each label)).set(value)
    }

    package func change(by amount: Int, _ label: repeat each Label) {
        meter(labelValues(repeat each label)).increment(by: Double(amount))
    }

    package func sample(_ value: Double, _ label: repeat each Label) -> MetricSample {
        MetricSample(family: family, labels: labelValues(repeat each label), value: value)
    }

    package func sample(_ value: Int, _ label: repeat each Label) -> MetricSample {
        MetricSample(family: family, labels: labelValues(repeat each label), value: Double(value))
    }

    /// For whoever changes one series again and again.
    package func meter(_ label: repeat each Label) -> Meter { meter(labelValues(repeat each label)) }

    private func meter(_ labels: [String]) -> Meter {
        Meter(label: family.name, dimensions: family.dimensions(labels))
    }
}

/// How values are spread over fixed buckets.
package struct HistogramMetric<each Label: MetricLabel>: DeclaredMetric {
    package let family: MetricFamily

    init(_ name: String, _ help: String, bounds: [Double], _ labels: repeat (each Label).Type) {
        family = MetricFamily(name, .histogram(bounds), .process, help, repeat each labels)
    }

    package func record(_ value: Double, _ label: repeat each Label) {
        recorder(repeat each label).record(value)
    }

    /// For whoever records into one series again and again.
    package func recorder(_ label: repeat each Label) -> Recorder {
        Recorder(
            label: family.name, dimensions: family.dimensions(labelValues(repeat each label)), aggregate: true)
    }

    package func record(_ duration: Duration, _ label: repeat each Label) {
        record(duration / .seconds(1), repeat each label)
    }
}

private func labelValues<each Label: MetricLabel>(_ label: repeat each Label) -> [String] {
    var values: [String] = []
    for label in repeat each label { values += label.values }
    return values
}

extension MetricFamily {
    fileprivate func dimensions(_ labels: [String]) -> [(String, String)] { Array(zip(labelNames, labels)) }
}
