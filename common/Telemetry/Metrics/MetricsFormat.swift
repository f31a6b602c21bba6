/// The two texts that Prometheus reads.
package enum MetricsFormat: Sendable {
    /// Prometheus text exposition, format 0.0.4.
    case text
    /// OpenMetrics 1.0.
    case openMetrics

    /// What a client that sends this `Accept` header can read; plain text for everyone else.
    package init(accept: String?) {
        let wants = (accept ?? "").lowercased().contains("application/openmetrics-text")
        self = wants ? .openMetrics : .text
    }

    package var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    package func text(_ values: [MetricValues]) -> String {
        var text = ""
        for values in values where !values.points.isEmpty { write(values, to: &text) }
        if self == .openMetrics { text += "# EOF\n" }
        return text
    }

    private func write(_ values: MetricValues, to text: inout String) {
        let family = values.family
        let title = title(of: family)
        text += "# HELP \(title) \(Self.escaped(family.help, quotes: self == .openMetrics))\n"
        text += "# TYPE \(title) \(family.shape.name)\n"
        for point in values.points {
            let labels = zip(family.labelNames, point.labels).map { (name: $0, value: $1) }
            switch point.value {
            case .number(let number): Self.line(family.name, labels, number, to: &text)
            case .histogram(let histogram): Self.write(histogram, of: family, labels, to: &text)
            }
        }
    }

    /// OpenMetrics names a counter without the end that its samples have.
    private func title(of family: MetricFamily) -> Substring {
        let end = "_total"
        guard self == .openMetrics, family.shape == .counter, family.name.hasSuffix(end) else {
            return family.name[...]
        }
        return family.name.dropLast(end.count)
    }

    private typealias Labels = [(name: String, value: String)]

    private static func write(
        _ histogram: MetricValues.Histogram, of family: MetricFamily, _ labels: Labels, to text: inout String
    ) {
        guard case .histogram(let bounds) = family.shape else { return }
        var count: Int64 = 0
        for (bound, more) in zip(bounds + [.infinity], histogram.counts) {
            count += more
            line(family.name + "_bucket", labels + [("le", number(bound))], Double(count), to: &text)
        }
        line(family.name + "_sum", labels, histogram.sum, to: &text)
        line(family.name + "_count", labels, Double(count), to: &text)
    }

    private static func line(_ name: String, _ labels: Labels, _ value: Double, to text: inout String) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
            text += "{" + pairs.joined(separator: ",") + "}"
        }
        text += " \(number(value))\n"
    }

    /// A whole number as such, everything else with the digits that it takes to read the same number back.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension MetricFamily.Shape {
    var name: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
