import CoreMetrics
import Domain
import Synchronization
import Testing

@testable import Telemetry

struct MetricsTests {
    private let registry = MetricsRegistry()

    private func text(_ format: MetricsFormat = .text, _ sources: [any MetricsSource] = []) async -> [String] {
        await MetricsPage(registry: registry, sources: sources).text(format).split(separator: "\n").map(String.init)
    }

    @Test("What is counted is told with its labels")
    func counter() async {
        withMetricsFactory(registry) {
            Metrics.tasks.runs.count(.analyzeAudio, .retried)
            Metrics.tasks.runs.count(.analyzeAudio, .retried, by: 2)
            Metrics.tasks.runs.count(.analyzeAudio, .retried, by: -5)
        }
        let lines = await text()
        #expect(
            lines.contains(#"sillon_task_runs_total{role="audio",kind="analyze_audio",ending="retried"} 3"#))
        #expect(lines.contains("# TYPE sillon_task_runs_total counter"))
        #expect(lines.count { $0.hasPrefix("# HELP sillon_task_runs_total ") } == 1)
    }

    @Test("Counters with known labels begin at 0, so that the first event is an increase")
    func beginning() async {
        let lines = await text()
        #expect(lines.contains(#"sillon_task_runs_total{role="indexer",kind="index_file",ending="lost"} 0"#))
        #expect(!lines.contains { $0.hasPrefix("sillon_http_requests_total") })
    }

    @Test("Buckets are cumulative and end with the count; a value on a bound is below it")
    func histogram() async {
        withMetricsFactory(registry) {
            for value in [0.0005, 0.0006, 3, 1000, .nan] { Metrics.database.waitSeconds.record(value, .read) }
        }
        let lines = await text().filter { $0.hasPrefix("sillon_database_wait_seconds") }
        #expect(
            lines == [
                #"sillon_database_wait_seconds_bucket{access="read",le="0.0005"} 1"#,
                #"sillon_database_wait_seconds_bucket{access="read",le="0.002"} 2"#,
                #"sillon_database_wait_seconds_bucket{access="read",le="0.01"} 2"#,
                #"sillon_database_wait_seconds_bucket{access="read",le="0.05"} 2"#,
                #"sillon_database_wait_seconds_bucket{access="read",le="0.25"} 2"#,
                #"sillon_database_wait_seconds_bucket{access="read",le="1"} 2"#,
                #"sillon_database_wait_seconds_bucket{access="read",le="5"} 3"#,
                #"sillon_database_wait_seconds_bucket{access="read",le="15"} 3"#,
                #"sillon_database_wait_seconds_bucket{access="read",le="+Inf"} 4"#,
                #"sillon_database_wait_seconds_sum{access="read"} 1003.0011"#,
                #"sillon_database_wait_seconds_count{access="read"} 4"#,
            ])
    }

    @Test("A gauge goes up and down, and is what was set last")
    func gauge() async {
        withMetricsFactory(registry) {
            Metrics.workers.slotsUsed.change(by: 3, .indexFile)
            Metrics.workers.slotsUsed.change(by: -1, .indexFile)
            Metrics.workers.slots.set(7, .audio)
            Metrics.workers.slots.set(2, .audio)
        }
        let lines = await text()
        #expect(lines.contains(#"sillon_worker_slots_used{role="indexer",kind="index_file"} 2"#))
        #expect(lines.contains(#"sillon_worker_slots{role="audio"} 2"#))
    }

    @Test("Metrics that nobody declared, and labels that nobody foresaw, leave no trace")
    func strangers() async {
        let before = await text()
        withMetricsFactory(registry) {
            Counter(label: "hb.requests", dimensions: [("path", "/secret")]).increment()
            Counter(label: "sillon_tasks_enqueued_total", dimensions: [("role", "x"), ("kind", "y")]).increment()
            Counter(label: "sillon_tasks_enqueued_total", dimensions: [("path", "/music")]).increment()
            CoreMetrics.Timer(label: "nio.loop").recordSeconds(1)
            Gauge(label: "memory").record(1)
        }
        #expect(await text() == before)
    }

    @Test("The number of routes that are told has a limit, whatever is counted")
    func routes() async {
        withMetricsFactory(registry) {
            for number in 0..<2000 {
                Metrics.http.seconds.record(1, HTTPRoute(method: "GET", pattern: "/\(number)"))
            }
        }
        let lines = await text()
        #expect(lines.count { $0.hasPrefix("sillon_http_request_seconds_count") } == HTTPRoute.countMax)
    }

    @Test("OpenMetrics names counters without their end, and has an end of its own")
    func openMetrics() async {
        #expect(MetricsFormat(accept: nil) == .text)
        #expect(MetricsFormat(accept: "text/html, */*") == .text)
        let scraper = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75"
        #expect(MetricsFormat(accept: scraper) == .openMetrics)
        let lines = await text(.openMetrics)
        #expect(lines.contains("# TYPE sillon_tasks_enqueued counter"))
        #expect(lines.contains(#"sillon_tasks_enqueued_total{role="indexer",kind="noop"} 0"#))
        #expect(lines.last == "# EOF")
    }

    @Test("Names follow the conventions: prefix, base units, _total for what only grows")
    func names() {
        #expect(Set(Metrics.families.map(\.name)).count == Metrics.families.count)
        for family in Metrics.families {
            #expect(family.name.hasPrefix("sillon_") || family.name.hasPrefix("process_"), "\(family.name)")
            #expect(family.name.allSatisfy { $0.isLowercase || $0 == "_" }, "\(family.name)")
            #expect((family.shape == .counter) == family.name.hasSuffix("_total"), "\(family.name)")
            #expect(family.help.hasSuffix(".") && !family.help.contains("\n"), "\(family.name)")
            #expect(Set(family.labelNames).count == family.labelNames.count, "\(family.name)")
            if case .histogram(let bounds) = family.shape {
                #expect(family.name.hasSuffix("_seconds"))
                #expect(bounds == bounds.sorted() && Set(bounds).count == bounds.count)
            }
            if let sets = family.labelSets {
                #expect(Set(sets).count == family.labelSetsMax, "\(family.name)")
                #expect(sets.allSatisfy { $0.count == family.labelNames.count }, "\(family.name)")
            }
        }
    }

    @Test("Numbers read back as they were")
    func numbers() {
        #expect(MetricsFormat.number(0.1) == "0.1")
        #expect(MetricsFormat.number(1e300) == "1e+300")
        #expect(MetricsFormat.number(-3) == "-3")
        #expect(MetricsFormat.number(.infinity) == "+Inf")
        #expect(MetricsFormat.number(-.infinity) == "-Inf")
        #expect(MetricsFormat.number(.nan) == "NaN")
    }
}

struct DatabaseFactsTests {
    private func up(_ samples: [MetricSample]) -> Double? {
        samples.first { $0.family == Metrics.database.up.family }?.value
    }

    @Test("What was read a moment ago is told again, and is read once for all who ask together")
    func shared() async {
        let readings = Atomic<Int>(0)
        // However slow the machine is.
        var limits = DatabaseFacts.Limits()
        limits.fresh = .seconds(3600)
        limits.patience = .seconds(3600)
        limits.stale = .seconds(3600)
        let facts = DatabaseFacts(limits: limits) {
            readings.add(1, ordering: .relaxed)
            return [Metrics.queue.paused.sample(1, .audio)]
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { #expect(up(await facts.samples()) == 1) } }
        }
        #expect(await facts.samples().contains(Metrics.queue.paused.sample(1, .audio)))
        #expect(readings.load(ordering: .relaxed) == 1)
    }

    @Test("A database that fails is told as down, beside what is still known of it")
    func failing() async {
        let fails = Atomic<Bool>(true)
        var limits = DatabaseFacts.Limits()
        limits.fresh = .zero
        limits.patience = .zero
        let facts = DatabaseFacts(limits: limits) {
            if fails.load(ordering: .relaxed) { throw CancellationError() }
            return [Metrics.queue.paused.sample(0, .audio)]
        }
        #expect(await facts.samples() == [Metrics.database.up.sample(0)])
    }

    @Test("Nobody waits for a database that hangs")
    func hanging() async {
        var limits = DatabaseFacts.Limits()
        limits.patience = .milliseconds(1)
        let (end, never) = AsyncStream<Never>.makeStream()
        let facts = DatabaseFacts(limits: limits) {
            for await _ in end {}
            return []
        }
        for _ in 0..<3 { #expect(await facts.samples() == [Metrics.database.up.sample(0)]) }
        never.finish()
    }
}
