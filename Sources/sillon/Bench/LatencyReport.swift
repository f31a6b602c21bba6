/// What `sillon bench latency` measured.
struct LatencyReport: Sendable, Encodable {
    let tasks: Int
    let tasksPerSecond: Double
    /// By the way that the worker reaches the queue.
    var ways: [String: Way] = [:]

    enum CodingKeys: String, CodingKey {
        case tasks, ways
        case tasksPerSecond = "tasks_per_second"
    }

    /// Milliseconds.
    struct Way: Sendable, Encodable {
        let median: Double
        let p95: Double
        let p99: Double
        let max: Double
        /// From the acknowledgement of the submission instead of the moment before it.
        let medianSinceAcknowledgement: Double

        init(_ latencies: some Collection<LatencyBench.Latency>) {
            let sorted = latencies.map(\.sinceSubmission).sorted()
            median = Self.quantile(0.5, of: sorted)
            p95 = Self.quantile(0.95, of: sorted)
            p99 = Self.quantile(0.99, of: sorted)
            max = sorted.last ?? 0
            medianSinceAcknowledgement = Self.quantile(0.5, of: latencies.map(\.sinceAcknowledgement).sorted())
        }

        enum CodingKeys: String, CodingKey {
            case median, p95, p99, max
            case medianSinceAcknowledgement = "median_since_acknowledgement"
        }

        /// The smallest value that is not below that part of all.
        private static func quantile(_ part: Double, of sorted: [Double]) -> Double {
            guard !sorted.isEmpty else { return 0 }
            return sorted[min(sorted.count - 1, Int((part * Double(sorted.count)).rounded(.up)) - 1)]
        }

        fileprivate var text: String {
            [("median", median), ("p95", p95), ("p99", p99), ("max", max)]
                .map { "\($0) \(Readable.decimal($1, 2)) ms" }.joined(separator: ", ")
                + "; median since the acknowledgement \(Readable.decimal(medianSinceAcknowledgement, 2)) ms"
        }
    }

    var text: String {
        let head = "\(Readable.count(tasks)) tasks, \(Readable.decimal(tasksPerSecond, 1)) a second"
        return ([head] + ways.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value.text)" }).joined(
            separator: "\n")
    }
}
