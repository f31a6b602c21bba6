import Contracts
import CoreMetrics
import Domain
import Telemetry
import Testing
import UseCases

@testable import Persistence

/// What is counted as tasks move, and what is told of the queue.
@Suite struct QueueMetricsTests {
    private struct Told {
        let lines: Set<String>

        init(_ registry: MetricsRegistry, _ samples: [MetricSample] = []) {
            let values = registry.values() + MetricValues.of(samples)
            lines = Set(MetricsFormat.text.text(values).split(separator: "\n").map(String.init))
        }

        func has(_ line: String) -> Bool { lines.contains(line) }
        func value(_ series: String) -> String? {
            lines.first { $0.hasPrefix(series + " ") }.map { String($0.dropFirst(series.count + 1)) }
        }
    }

    private static let noop = #"role="indexer",kind="noop""#
    private static let file = #"role="indexer",kind="index_file""#

    @Test("Tasks are counted where they are queued, claimed and ended", arguments: Engine.available)
    func life(_ engine: Engine) async throws {
        let registry = MetricsRegistry()
        try await withMetricsFactory(registry) {
            let bench = try await QueueBench(engine)
            try await bench.register()
            for _ in 0..<3 { try await bench.submitNoop() }
            try await bench.submitNoop(key: "once")
            try await bench.submitNoop(key: "once")
            bench.time.advance(seconds: 5)
            let leased = try await bench.lease()
            #expect(leased.count == 4)
            bench.time.advance(seconds: 2)
            try await bench.complete(Array(leased.prefix(2)))
            _ = try await bench.settle([leased[2]], .failed(Failure(.ioError, "the disk is slow")))
            _ = try await bench.settle([leased[3]], .failed(Failure(.corruptFile, "no audio")))
            // Once more: what is stale changes nothing.
            _ = try await bench.settle([leased[3]], .failed(Failure(.corruptFile, "no audio")))
        }
        let told = Told(registry)
        #expect(told.value("sillon_tasks_enqueued_total{\(Self.noop)}") == "4")
        #expect(told.value("sillon_task_runs_total{\(Self.noop),ending=\"succeeded\"}") == "2")
        #expect(told.value("sillon_task_runs_total{\(Self.noop),ending=\"retried\"}") == "1")
        #expect(told.value("sillon_task_runs_total{\(Self.noop),ending=\"died\"}") == "1")
        #expect(told.value("sillon_task_failures_total{role=\"indexer\",reason=\"io_error\"}") == "1")
        #expect(told.value("sillon_task_failures_total{role=\"indexer\",reason=\"corrupt_file\"}") == "1")
        #expect(told.value("sillon_task_wait_seconds_sum{\(Self.noop)}") == "20")
        #expect(told.value("sillon_task_wait_seconds_count{\(Self.noop)}") == "4")
        #expect(told.value("sillon_task_run_seconds_sum{\(Self.noop)}") == "8")
        #expect(told.value("sillon_task_run_seconds_count{\(Self.noop)}") == "4")
    }

    @Test("A rescue, a release and a cancelled task have endings of their own", arguments: Engine.available)
    func endings(_ engine: Engine) async throws {
        let registry = MetricsRegistry()
        try await withMetricsFactory(registry) {
            let bench = try await QueueBench(engine)
            try await bench.register(1)
            try await bench.submitNoop()
            _ = try await bench.lease(1)
            bench.time.advance(seconds: 100)
            #expect(await bench.housekeeper.tick().rescued == 1)
            try await bench.register(2)
            let again = try await bench.lease(2)
            #expect(again.count == 1)
            _ = try await bench.settle(again, .released, worker: 2)
            let waiting = try await bench.submitIndex("a")
            _ = try await bench.tasks.cancel(id: waiting, actor: "test")
        }
        let told = Told(registry)
        #expect(told.value("sillon_task_runs_total{\(Self.noop),ending=\"lost\"}") == "1")
        #expect(told.value("sillon_task_runs_total{\(Self.noop),ending=\"released\"}") == "1")
        #expect(told.value("sillon_task_runs_total{\(Self.file),ending=\"cancelled\"}") == "0", "it never ran")
        // Of a task that was put back nobody knows since when it is ready.
        #expect(told.value("sillon_task_wait_seconds_count{\(Self.noop)}") == "1")
    }

    @Test("What is told of the queue is what is in it", arguments: Engine.available)
    func facts(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.register()
        for _ in 0..<2 { try await bench.submitNoop() }
        try await bench.submitNoop(runAt: bench.time.clock() + 3_600_000_000)
        let dead = try await bench.submitIndex("dead")
        let ended = try await bench.submitIndex("ended")
        let leased = try await bench.lease(kinds: [.indexFile: 1])
        for task in leased where task.lease.taskID == dead {
            _ = try await bench.settle([task], .failed(Failure(.corruptFile, "no audio")))
        }
        try await bench.complete(leased.filter { $0.lease.taskID == ended })
        bench.time.advance(seconds: 30)
        try await bench.beat()
        _ = try await bench.lease(max: 1)
        _ = try await bench.startScan()
        try await bench.tasks.setPaused(true, role: .vector, actor: "test")

        let samples = try await bench.stores.facts.read()
        let told = Told(MetricsRegistry(), samples)
        #expect(told.value("sillon_tasks{\(Self.noop),state=\"ready\"}") == "1")
        #expect(told.value("sillon_tasks{\(Self.noop),state=\"running\"}") == "1")
        #expect(told.value("sillon_tasks{\(Self.noop),state=\"scheduled\"}") == "1")
        #expect(told.value("sillon_tasks{\(Self.file),state=\"dead\"}") == "1")
        #expect(told.value("sillon_tasks_finished_total{\(Self.file),state=\"done\"}") == "1")
        #expect(told.value("sillon_oldest_ready_task_age_seconds{\(Self.noop)}") == "30")
        #expect(told.value("sillon_oldest_ready_task_age_seconds{\(Self.file)}") == "0")
        #expect(told.value("sillon_queue_paused{role=\"vector\"}") == "1")
        #expect(told.value("sillon_queue_paused{role=\"audio\"}") == "0")
        #expect(told.value("sillon_workers_up{role=\"audio\",state=\"working\"}") == "1")
        #expect(told.value("sillon_task_leases{role=\"indexer\",holder=\"alive\"}") == "1")
        #expect(told.value("sillon_scans_open{state=\"queued\"}") == "1")
        #expect(told.value("sillon_scan_tasks{state=\"queued\"}") == "1")
        // The worker falls silent.
        bench.time.advance(seconds: 1000)
        let later = Told(MetricsRegistry(), try await bench.stores.facts.read())
        #expect(later.value("sillon_workers_up{role=\"audio\",state=\"working\"}") == "0")
        #expect(later.value("sillon_task_leases{role=\"indexer\",holder=\"lost\"}") == "1")
    }

    @Test("No question looks at the history, or goes through the tasks", arguments: Engine.available)
    func bounded(_ engine: Engine) async throws {
        let bench = try await QueueBench(engine)
        try await bench.tasks.loadBusyQueue(live: 1000, finished: 100)
        let told = Told(MetricsRegistry(), try await bench.stores.facts.read())
        #expect(told.value("sillon_tasks{\(Self.file),state=\"ready\"}") == "500")
        #expect(told.value("sillon_tasks{role=\"downloader\",kind=\"enrich_track\",state=\"scheduled\"}") == "100")
        #expect(told.value("sillon_tasks_finished_total{\(Self.file),state=\"done\"}") == "100")
    }

    @Test(
        "Transactions are timed and their failures counted; what is not there is no failure",
        arguments: Engine.available)
    func transactions(_ engine: Engine) async throws {
        let registry = MetricsRegistry()
        try await withMetricsFactory(registry) {
            let database = MeteredDatabase(try await engine.open())
            _ = try await database.write { try $0.execute("DELETE FROM task") }
            _ = try await database.read { try $0.first("SELECT 1") { $0.int(0) } }
            await #expect(throws: StoreError.self) { try await database.read { _ in throw StoreError.notFound("") } }
            await #expect(throws: StoreError.self) {
                _ = try await database.read { try $0.first("SELECT nonsense") { $0.int(0) } }
            }
        }
        let told = Told(registry)
        #expect(told.value("sillon_database_transaction_seconds_count{access=\"write\"}") == "1")
        #expect(told.value("sillon_database_transaction_seconds_count{access=\"read\"}") == "1")
        #expect(told.value("sillon_database_wait_seconds_count{access=\"read\"}") == "1")
        #expect(told.value("sillon_database_errors_total{access=\"read\",error=\"fatal\"}") == "1")
        for state in ["busy", "waiting"] {
            #expect(told.value("sillon_database_connections{state=\"\(state)\"}") == "0")
        }
    }

    @Test("Every way in which a run ends has a label")
    func labels() {
        let ends: [TaskRun.End] = [.succeeded, .retried, .died, .cancelled, .released, .lost, .parked]
        #expect(Set(ends.map(\.rawValue)) == Set(RunEnding.allCases.map(\.rawValue)))
        #expect(Set(ServiceState.allCases.map(\.rawValue)) == Set(BreakerState.allCases.map(\.rawValue)))
    }
}
