import CoreMetrics
import Synchronization

/// One series that only grows.
final class CounterCell: CounterHandler {
    private let count = Atomic<Int64>(0)

    var value: Int64 { count.load(ordering: .relaxed) }

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    /// Only a new process begins anew.
    func reset() {}
}

/// One series that goes up and down.
final class GaugeCell: MeterHandler, RecorderHandler {
    private let number = Mutex(0.0)

    var value: Double { number.withLock { $0 } }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { number.withLock { $0 = value } }
    func increment(by amount: Double) { number.withLock { $0 += amount } }
    func decrement(by amount: Double) { number.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
}

/// One series of buckets.
final class HistogramCell: RecorderHandler, TimerHandler {
    private let bounds: [Double]
    private let state: Mutex<MetricValues.Histogram>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(MetricValues.Histogram(counts: Array(repeating: 0, count: bounds.count + 1), sum: 0))
    }

    var value: MetricValues.Histogram { state.withLock { $0 } }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
