/// Reads values when somebody asks for them. Answers what it can get; never throws.
package protocol MetricsSource: Sendable {
    func samples() async -> [MetricSample]
}

/// What `/metrics` answers: what this process counted, beside what its sources read at this moment.
package struct MetricsPage: Sendable {
    private let registry: MetricsRegistry
    private let sources: [any MetricsSource]

    package init(registry: MetricsRegistry, sources: [any MetricsSource] = []) {
        self.registry = registry
        self.sources = sources
    }

    package func text(_ format: MetricsFormat) async -> String {
        var values = registry.values()
        for source in sources { values += MetricValues.of(await source.samples()) }
        return format.text(values)
    }
}
