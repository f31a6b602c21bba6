import CoreMetrics
import Synchronization

/// swift-metrics' backend: keeps the values of declared metrics. Anything else, a library's own metric or a label that
/// was not foreseen, is thrown away, so the number of series has a bound.
package final class MetricsRegistry: MetricsFactory {
    private struct Key: Hashable {
        let name: String
        let labels: [String]
    }

    fileprivate enum Cell {
        case counter(CounterCell)
        case gauge(GaugeCell)
        case histogram(HistogramCell)
    }

    package let families: [MetricFamily]
    private let declared: [String: MetricFamily]
    private let allowed: [String: Set<[String]>]
    private let cells = Mutex<[Key: Cell]>([:])

    /// Counters whose labels are known begin at 0, since nobody sees an increase from nothing.
    package init(families: [MetricFamily] = Metrics.families) {
        self.families = families
        declared = Dictionary(uniqueKeysWithValues: families.map { ($0.name, $0) })
        allowed = families.reduce(into: [:]) { allowed, family in
            if let sets = family.labelSets { allowed[family.name] = Set(sets) }
        }
        for family in families where family.origin == .process && family.shape == .counter {
            for labels in family.labelSets ?? [] { _ = cell(family.name, labels) }
        }
    }

    /// What was counted and recorded by now, in the order of declaration, labels in order.
    package func values() -> [MetricValues] {
        let cells = cells.withLock { $0 }
        let byName = Dictionary(grouping: cells, by: \.key.name)
        return families.compactMap { family -> MetricValues? in
            guard let found = byName[family.name] else { return nil }
            let points = found.sorted { $0.key.labels.lexicographicallyPrecedes($1.key.labels) }.map { key, cell in
                MetricValues.Point(labels: key.labels, value: cell.value)
            }
            return MetricValues(family: family, points: points)
        }
    }

    private func cell(_ name: String, _ dimensions: [(String, String)]) -> Cell? {
        guard let family = declared[name], family.labelNames == dimensions.map(\.0) else { return nil }
        return cell(name, dimensions.map(\.1))
    }

    private func cell(_ name: String, _ labels: [String]) -> Cell? {
        guard let family = declared[name] else { return nil }
        let key = Key(name: name, labels: labels)
        return cells.withLock { cells -> Cell? in
            if let cell = cells[key] { return cell }
            if let allowed = allowed[name] {
                guard allowed.contains(labels) else { return nil }
            } else if cells.count(where: { $0.key.name == name }) >= family.labelSetsMax {
                return nil
            }
            let cell = Cell(family.shape)
            cells[key] = cell
            return cell
        }
    }

    // MARK: MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        if case .counter(let counter) = cell(label, dimensions) { counter } else { NOOPMetricsHandler.instance }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        NOOPMetricsHandler.instance
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        if case .gauge(let gauge) = cell(label, dimensions) { gauge } else { NOOPMetricsHandler.instance }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        switch cell(label, dimensions) {
        case .histogram(let histogram): histogram
        case .gauge(let gauge): gauge
        case .counter, nil: NOOPMetricsHandler.instance
        }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        if case .histogram(let histogram) = cell(label, dimensions) { histogram } else { NOOPMetricsHandler.instance }
    }

    // Values stay: who asks next wants to see what was counted.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}

extension MetricsRegistry.Cell {
    fileprivate init(_ shape: MetricFamily.Shape) {
        self =
            switch shape {
            case .counter: .counter(CounterCell())
            case .gauge: .gauge(GaugeCell())
            case .histogram(let bounds): .histogram(HistogramCell(bounds: bounds))
            }
    }

    fileprivate var value: MetricValues.Value {
        switch self {
        case .counter(let counter): .number(Double(counter.value))
        case .gauge(let gauge): .number(gauge.value)
        case .histogram(let histogram): .histogram(histogram.value)
        }
    }
}
