import ArgumentParser
import Contracts
import Domain

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the library, the queues, the workers, the open scans and the last one that ended.",
        discussion: """
            Examples:
              sillon status
              sillon status --json
            """)

    @OptionGroup var options: ClientOptions

    /// Scans that are looked through for open ones.
    private static let recentScans = 50

    func run() async throws {
        let client = try options.client()
        let library = try await client.get("/v1/library")
        let queues = try await client.get("/v1/queues")
        let workers = try await client.get("/v1/workers")
        let models = try await client.get("/v1/models")
        let scans = try await client.get("/v1/scans", [("limit", "\(Self.recentScans)")])
        if options.json {
            return try Console.line(
                ContractJSON.encode([
                    "library": try library.decode(JSONValue.self),
                    "queues": try queues.decode(JSONValue.self)["items"] ?? .null,
                    "workers": try workers.decode(JSONValue.self)["items"] ?? .null,
                    "models": try models.decode(JSONValue.self)["items"] ?? .null,
                    "scans": try scans.decode(JSONValue.self)["items"] ?? .null,
                ]))
        }
        try show(library.decode(TotalsView.self))
        try show(queues.decode(PageView<QueueView>.self).items)
        try show(workers.decode(PageView<WorkerView>.self).items)
        try show(models.decode(PageView<TextModelView>.self).items)
        try show(Self.ofInterest(scans.decode(PageView<ScanView>.self).items))
    }

    /// Of scans, newest first: the open ones, and the newest that ended, since people ask what became of it.
    static func ofInterest(_ scans: [ScanView]) -> [ScanView] {
        scans.filter { !$0.isEnded } + scans.filter(\.isEnded).prefix(1)
    }

    private func show(_ totals: TotalsView) throws {
        var line = "Library: \(Readable.count(totals.tracks)) tracks, \(Readable.count(totals.albums)) albums, "
        line += "\(Readable.count(totals.artists)) artists; \(Readable.count(totals.analyzed)) analysed, "
        line += "\(Readable.count(totals.vectorized)) with a vector"
        if totals.missing > 0 { line += "; \(Readable.count(totals.missing)) missing" }
        if totals.rejected > 0 { line += "; \(Readable.count(totals.rejected)) files refused" }
        if totals.stale > 0 { line += "; \(Readable.count(totals.stale)) analyses of an older version (scan --full)" }
        try Console.line(line)
    }

    private func show(_ queues: [QueueView]) throws {
        var table = TextTable([
            .init("QUEUE"), .init("READY", .right), .init("RUNNING", .right), .init("SCHEDULED", .right),
            .init("PARKED", .right), .init("DEAD", .right), .init("OLDEST", .right), .init(""),
        ])
        for queue in queues {
            table.add([
                queue.role, Readable.count(queue.ready), Readable.count(queue.running),
                Readable.count(queue.scheduled), Readable.count(queue.parked), Readable.count(queue.dead),
                queue.oldestReadyAgeSeconds.map { Readable.duration(seconds: $0) },
                queue.paused ? "paused" : queue.isForsaken ? "no worker" : "",
            ])
        }
        try Console.line("")
        try Console.table(table)
        for queue in queues where queue.isForsaken {
            try Console.line(
                "Tasks wait for a worker of the role \(queue.role); start one with: sillon worker --roles \(queue.role)"
            )
        }
    }

    private func show(_ workers: [WorkerView]) throws {
        try Console.line("")
        let shown = workers.filter(\.alive)
        guard !shown.isEmpty else {
            return try Console.line(
                "No worker runs: tasks wait. Start one with: sillon worker")
        }
        var table = TextTable([
            .init("WORKER"), .init("ROLES"), .init("STATE"), .init("SEEN", .right), .init("BUSY WITH"),
            .init("VERSION"),
        ])
        for worker in shown {
            table.add([
                "\(worker.host)/\(worker.processID)", worker.work, worker.state,
                worker.lastSeenSeconds.map { Readable.duration(seconds: $0) }, worker.doing, worker.version,
            ])
        }
        try Console.table(table)
    }

    private func show(_ models: [TextModelView]) throws {
        guard !models.isEmpty else { return }
        try Console.line("")
        for model in models {
            let space = model.spaces.first
            let vectors = "\(Readable.count(space?.vectors ?? 0)) vectors" + (space.map { " in \($0.name)" } ?? "")
            let reason = model.detail.map { ": \($0)" } ?? ""
            try Console.line(TextTable.safe("Model \(model.name) is \(model.state)\(reason); \(vectors)"))
        }
    }

    private func show(_ scans: [ScanView]) throws {
        guard !scans.isEmpty else { return }
        try Console.line("")
        for scan in scans {
            let path = FilePath(encoded: scan.path)?.display ?? scan.path
            let cause = scan.causeWords.map { " \($0)" } ?? ""
            try Console.line(
                TextTable.safe(
                    "Scan \(scan.id) of \(path)\(cause) \(scan.verb): \(ScanProgressText.counts(scan.progress))"))
            if let notice = scan.notice { try Console.line(TextTable.safe("  Note: \(notice)")) }
        }
    }
}
