import Domain

/// Every metric there is. A new one is a line here and in docs/metrics.md; a test holds the two against each other.
package enum Metrics {
    package static let tasks = TaskMetrics()
    package static let queue = QueueMetrics()
    package static let workers = WorkerMetrics()
    package static let scans = ScanMetrics()
    package static let watching = WatchingMetrics()
    package static let database = DatabaseMetrics()
    package static let http = HTTPMetrics()
    package static let playback = PlaybackMetrics()
    package static let caches = CacheMetrics()
    package static let services = ServiceMetrics()
    package static let similarity = SimilarityMetrics()
    package static let traces = TraceMetrics()
    package static let device = DeviceMetrics()
    package static let process = ProcessMetrics()

    /// In the order of declaration.
    package static let families: [MetricFamily] = {
        let groups: [any Sendable] = [
            tasks, queue, workers, scans, watching, database, http, playback, caches, services, similarity, traces,
            device, process,
        ]
        return groups.flatMap { group in
            Mirror(reflecting: group).children.compactMap { ($0.value as? any DeclaredMetric)?.family }
        }
    }()

    /// Series of one process at most.
    package static var seriesMax: Int { families.reduce(0) { $0 + $1.seriesMax } }
}

/// Counted by whoever writes to the queue: orchestrators, also for workers without a database, and workers with one.
package struct TaskMetrics: Sendable {
    package let enqueued = CounterMetric(
        "sillon_tasks_enqueued_total", "Tasks that this process put into the queue.", TaskKind.self)
    package let runs = CounterMetric(
        "sillon_task_runs_total",
        "Runs of tasks whose end this process wrote down. retried is a retry, died a dead letter, lost a rescue.",
        TaskKind.self, RunEnding.self)
    package let failures = CounterMetric(
        "sillon_task_failures_total", "Failed runs that this process wrote down, by reason.", Role.self,
        Failure.Reason.self)
    package let runSeconds = HistogramMetric(
        "sillon_task_run_seconds",
        "Time from the claim of a task to the end of its run, written down by this process; files are claimed by the batch.",
        bounds: [0.01, 0.05, 0.25, 1, 2.5, 5, 15, 60, 300, 1800, 7200], TaskKind.self)
    package let waitSeconds = HistogramMetric(
        "sillon_task_wait_seconds", "Time for which tasks were ready before this process handed them out.",
        bounds: [0.01, 0.1, 1, 10, 60, 300, 1800, 7200, 43_200, 172_800], TaskKind.self)
}

/// Read from the database by orchestrators: each tells the same, so take the maximum over them, not the sum.
package struct QueueMetrics: Sendable {
    package let tasks = GaugeMetric(
        "sillon_tasks", "Tasks in the queue by state, dead letters among them.", TaskKind.self,
        TaskState.self, from: .database)
    package let finished = CounterMetric(
        "sillon_tasks_finished_total",
        "Tasks that ended well or were cancelled, counted in the database since it was made.", TaskKind.self,
        TaskEnd.self, from: .database)
    package let oldestReadyAge = GaugeMetric(
        "sillon_oldest_ready_task_age_seconds", "Age of the oldest task that may run now; 0 for none.",
        TaskKind.self, from: .database)
    package let paused = GaugeMetric(
        "sillon_queue_paused", "1 while nothing of the role is handed out.", Role.self, from: .database)
    package let leases = GaugeMetric(
        "sillon_task_leases", "Tasks that workers hold, by whether the worker still lives.", Role.self,
        LeaseHolder.self, from: .database)
    package let workersUp = GaugeMetric(
        "sillon_workers_up", "Workers whose lease holds, by role.", Role.self, WorkerState.self, from: .database)
    package let slots = GaugeMetric(
        "sillon_workers_slots", "Tasks that the workers of a role can run at once.", Role.self, from: .database)
}

/// Counted by the process that works.
package struct WorkerMetrics: Sendable {
    package let slots = GaugeMetric(
        "sillon_worker_slots", "Tasks that the worker in this process can run at once.", Role.self)
    package let slotsUsed = GaugeMetric(
        "sillon_worker_slots_used", "Tasks that the worker in this process runs now.", TaskKind.self)
    package let brokerErrors = CounterMetric(
        "sillon_worker_broker_errors_total", "Calls of the worker in this process that the queue did not answer.",
        BrokerCall.self)
    package let hostStarts = CounterMetric(
        "sillon_media_host_starts_total", "Media hosts that this process started.", HostDuty.self)
    package let hostRestarts = CounterMetric(
        "sillon_media_host_restarts_total", "Media hosts of this process that were replaced, by reason.",
        HostDuty.self, HostRestart.self)
}

/// Read from the database by orchestrators: sums over the scans that are open.
package struct ScanMetrics: Sendable {
    package let open = GaugeMetric(
        "sillon_scans_open", "Scans that have not ended.", OpenScanState.self, from: .database)
    package let files = GaugeMetric(
        "sillon_scan_files", "What the open scans did with files by now.", ScanStep.self, from: .database)
    package let tasks = GaugeMetric(
        "sillon_scan_tasks", "Tasks of the open scans: all that were queued, and those that are done.",
        ScanTasks.self, from: .database)
}

/// Told by orchestrators, each of what it does itself.
package struct WatchingMetrics: Sendable {
    package let folders = GaugeMetric("sillon_watch_folders", "Folders of library roots that this process watches.")
    package let events = CounterMetric(
        "sillon_watch_events_total", "What the kernel told this process of the folders that it watches.")
    package let overflows = CounterMetric(
        "sillon_watch_overflows_total",
        "Times that more happened in a library root than the kernel keeps, so that all of it was scanned.")
    package let scans = CounterMetric(
        "sillon_watch_scans_total",
        "Scans that this process started by itself: because of a change, or because it was time.", UpkeepCause.self)
}

package struct DatabaseMetrics: Sendable {
    package let up = GaugeMetric(
        "sillon_database_up", "1 when the database answered the questions of this page in time.")
    package let factsAge = GaugeMetric(
        "sillon_database_facts_age_seconds", "Age of what this page tells from the database.")
    package let waitSeconds = HistogramMetric(
        "sillon_database_wait_seconds", "Time until a transaction of this process got a connection and began.",
        bounds: [0.0005, 0.002, 0.01, 0.05, 0.25, 1, 5, 15], DatabaseAccess.self)
    package let transactionSeconds = HistogramMetric(
        "sillon_database_transaction_seconds", "Time of the queries of one transaction of this process.",
        bounds: [0.0005, 0.002, 0.01, 0.05, 0.25, 1, 5, 15], DatabaseAccess.self)
    package let errors = CounterMetric(
        "sillon_database_errors_total", "Transactions of this process that failed.", DatabaseAccess.self,
        DatabaseError.self)
    package let connections = GaugeMetric(
        "sillon_database_connections", "Transactions of this process: under way, or waiting for a connection.",
        PoolState.self)
    package let connectionsMax = GaugeMetric(
        "sillon_database_connections_max", "Connections that this process may open.")
}

package struct HTTPMetrics: Sendable {
    package let requests = CounterMetric(
        "sillon_http_requests_total", "Requests that this process answered, by the pattern of their route.",
        HTTPRoute.self, StatusClass.self)
    package let seconds = HistogramMetric(
        "sillon_http_request_seconds", "Time until this process began to answer a request.",
        bounds: [0.002, 0.01, 0.05, 0.25, 1, 5, 15], HTTPRoute.self)
}

/// Told by the process that people listen to.
package struct PlaybackMetrics: Sendable {
    package let streams = GaugeMetric(
        "sillon_streams", "Answers with audio that this process is sending, by whether it is the file or encoded anew.",
        StreamKind.self)
    package let transcodes = CounterMetric(
        "sillon_transcodes_total",
        "Encodings of this process by format and how they ended. stopped: the listener went away before the end.",
        TranscodeFormat.self, TranscodeEnd.self)
}

package struct CacheMetrics: Sendable {
    package let lookups = CounterMetric(
        "sillon_cache_lookups_total", "Looks of this process into a cache, by level.", CacheLevel.self,
        CacheResult.self)
}

package struct ServiceMetrics: Sendable {
    package let breaker = GaugeMetric(
        "sillon_service_breaker", "1 for the state of a service's breaker, 0 for all others.",
        ServiceID.self, BreakerState.self, from: .database)
    package let requests = CounterMetric(
        "sillon_service_requests_total", "Requests of this process to a service outside, by how they ended.",
        ServiceID.self, ServiceResult.self)
}

package struct SimilarityMetrics: Sendable {
    package let vectors = GaugeMetric(
        "sillon_vector_index_vectors", "Vectors that this process can search.")
    package let bytes = GaugeMetric(
        "sillon_vector_index_bytes", "Memory of the vectors of this process.")
    package let recall = GaugeMetric(
        "sillon_vector_index_recall_ratio",
        "Part of the true nearest among the answers of the index, from a sample that this process takes now and then.")
}

package struct TraceMetrics: Sendable {
    package let spans = CounterMetric(
        "sillon_trace_spans_total",
        "Spans that this process recorded, by what became of them. dropped means that too many waited.", SpanEnd.self)
}

/// The machine below a process.
package struct DeviceMetrics: Sendable {
    package let temperature = GaugeMetric(
        "sillon_device_temperature_celsius", "Temperature of the processor, where the machine tells it.", from: .device)
    package let throttled = GaugeMetric(
        "sillon_device_throttled", "1 while the firmware of a Raspberry Pi holds it back, by cause.",
        Throttling.self, from: .device)
    package let heavySlots = GaugeMetric(
        "sillon_device_heavy_slots",
        "Slots for heavy work that may take something now, as heat, memory, battery and hours allow.", from: .device)
    package let diskFree = GaugeMetric(
        "sillon_disk_free_bytes", "Room that is left for this process on the disk of a folder.",
        WrittenFolder.self, from: .device)
    package let diskSize = GaugeMetric(
        "sillon_disk_size_bytes", "Size of the disk of a folder.", WrittenFolder.self, from: .device)
}

/// With the names that Prometheus' own client libraries use.
package struct ProcessMetrics: Sendable {
    package let build = GaugeMetric("sillon_build_info", "What runs here.", BuildLabel.self)
    package let start = GaugeMetric(
        "process_start_time_seconds", "Start of this process in seconds since the epoch.", from: .device)
    package let cpu = CounterMetric(
        "process_cpu_seconds_total", "Processor time of this process, without its media hosts.", from: .device)
    package let resident = GaugeMetric(
        "process_resident_memory_bytes", "Resident memory of this process.", from: .device)
    package let openFiles = GaugeMetric("process_open_fds", "Open file descriptors of this process.", from: .device)
    package let openFilesMax = GaugeMetric("process_max_fds", "File descriptors that it may have.", from: .device)
}
