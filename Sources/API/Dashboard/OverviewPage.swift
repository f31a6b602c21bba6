import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/`: what waits, what runs, what failed.
struct OverviewPage: Sendable {
    let services: APIServices

    private static let role = Parameter("role", in: .path, Scalar<Role>.choice, "Whose queue.")
    /// Of failures that are shown, in seconds.
    private static let failureSeconds: Int64 = 24 * 3600
    private static let maxCauses = 10

    init(services: APIServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            .page("/", "overview", "Show what waits, what runs and what failed", access: .user, page),
            setPaused(true, "pause"), setPaused(false, "resume"),
        ]
    }

    private func page(_ request: APIRequest) async throws -> WebPage {
        let now = services.clock()
        let queue = QueueRoutes(services: services)
        let queues = try await queue.queues()
        let workers = try await queue.workers().filter(\.status.isAlive)
        let scans = try await services.scans.scans(PageRequest(limit: ScanRow.maxRecent)).items
        let roots = try await services.scans.libraryRoots()
        let causes = try await services.tasks.deadGroups(
            since: now - Self.failureSeconds * 1_000_000, limit: DeadGroup.maxLooked)
        let past = try await lastDay(now)
        return request.webPage("Overview", place: .overview, scripts: ["live.js"]) {
            HTML.live("Overview", reload: "/") {
                HTML.box("Scans") { scanList(request, scans, now) }
                HTML.box("Queues") { queueTable(request, queues) { past?.donePerMinute($0, now: now) } }
                HTML.box("Workers") { WorkerTable(workers: workers).html }
                HTML.box("Failures of the last day") { causeTable(causes) }
                if let past { chart(of: past) }
                HTML.box("Library") { rootTable(request, roots) }
            }
            HTML(.p, .named("wide hint")) {
                "Sillon \(services.version). The API is described in "
                HTML.link("/openapi.json", "/openapi.json")
                "; from a shell, "
                HTML(.code) { "sillon --help" }
                "."
            }
        }
    }

    /// Nil where nothing is kept of the past.
    private func lastDay(_ now: Int64) async throws -> HistoryView? {
        guard let store = services.history else { return nil }
        return try await HistoryView(store, .day, now: now)
    }

    private func chart(of past: HistoryView) -> HTML {
        HTML.box("The last day") {
            HTML(.div, .named("charts")) { ChartDrawing(past.finished()).html }
            HTML(.p) { HTML.link("A week, a month, a year", "/history") }
        }
    }

    /// The open ones, and the newest that ended, since people ask what became of it.
    private func scanList(_ request: APIRequest, _ scans: [Scan], _ now: Int64) -> HTML {
        let shown = scans.filter { !$0.state.isFinal } + scans.filter(\.state.isFinal).prefix(1)
        return shown.reduce(HTML()) { $0 + ScanRow(scan: $1, now: now).html(request) }
            + HTML(.p) {
                if shown.isEmpty { "Nothing was scanned yet." } else { HTML.link("All scans", "/scans") }
            }
    }

    private func queueTable(
        _ request: APIRequest, _ queues: [ServedQueue], donePerMinute: (Role) -> Double?
    ) -> HTML {
        var columns: [PageTable.Column] = [.init("Role")]
        for priority in Priority.allCases { columns.append(.init("\(priority.name.titled) ready", isNumber: true)) }
        for title in ["Oldest ready", "Running", "Later", "Dead", "Done a minute"] {
            columns.append(.init(title, isNumber: true))
        }
        columns.append(.init("State"))
        if request.isAdmin { columns.append(.init("Action")) }
        var table = PageTable("Queues", columns)
        for queue in queues { table.add(cells(request, queue, donePerMinute(queue.status.role))) }
        return table.html + HTML.hint("Done a minute: since the hour before this one began.")
    }

    private func cells(_ request: APIRequest, _ queue: ServedQueue, _ donePerMinute: Double?) -> [HTML] {
        let (status, role) = (queue.status, queue.status.role)
        let ready = Priority.allCases.map { Amount.count(status.ready[$0] ?? 0) }
        let later = (status.counts[.scheduled] ?? 0) + (status.counts[.parked] ?? 0)
        let numbers = [
            status.oldestReadyAgeSeconds.map { Amount.duration(seconds: $0) } ?? "–",
            Amount.count(status.counts[.running] ?? 0), Amount.count(later),
            Amount.count(status.counts[.dead] ?? 0), donePerMinute.map(Amount.rate) ?? "–",
        ]
        let head = HTML.link(role.rawValue, TaskSelection(TaskFilter(role: role)).path)
        return [head] + (ready + numbers).map { HTML(text: $0) } + [state(of: queue), pauseForm(request, status)]
    }

    private func state(of queue: ServedQueue) -> HTML {
        if queue.status.isPaused { return .state("paused", isBad: true) }
        guard queue.workers == 0 else { return .state("served", isGood: true) }
        let waits = (queue.status.counts[.ready] ?? 0) + (queue.status.counts[.scheduled] ?? 0) > 0
        return .state("no worker", isBad: waits)
    }

    private func pauseForm(_ request: APIRequest, _ status: QueueStatus) -> HTML {
        guard request.isAdmin else { return HTML() }
        let verb = status.isPaused ? "resume" : "pause"
        let path = LocalPath("/queues/\(status.role.rawValue)/\(verb)") ?? "/"
        return request.form(path) {
            HTML.submit(verb.titled, label: "\(verb.titled) \(status.role.rawValue)")
        }
    }

    private func setPaused(_ paused: Bool, _ verb: String) -> Route {
        Route(
            .post, "/queues/{role}/\(verb)", "\(verb)QueueOnPage", "\(verb.titled) a role, from a page",
            access: .admin, parameters: [ParameterSpec(Self.role)],
            body: BodySpec("\(verb.titled)OnPage", as: .form, [.init(Body.csrf)]), bodyLimit: Body.maxFormBytes,
            answers: [Route.redirect], problems: [.conflict, .insufficientStorage]
        ) { request in
            try await services.tasks.setPaused(paused, role: try request.require(Self.role), actor: request.actor)
            return .seeOther("/")
        }.asPage()
    }

    private func causeTable(_ causes: [DeadGroup]) -> HTML {
        guard !causes.isEmpty else { return HTML(.p) { "No task was given up." } }
        var table = PageTable("Failures", [.init("Cause"), .init("Tasks", isNumber: true), .init("Last")])
        for cause in causes.prefix(Self.maxCauses) {
            table.add([
                HTML.failure(cause.failure),
                HTML.link(Amount.count(cause.count), cause.selection.path), HTML.time(cause.newestAt),
            ])
        }
        return table.html + HTML(.p) { HTML.link("All dead letters", "/dead-letters") }
    }

    private func rootTable(_ request: APIRequest, _ roots: [FilePath]) -> HTML {
        guard !roots.isEmpty else {
            return HTML(.p) {
                "There is no library root yet; from a shell, "
                HTML(.code) { "sillon scan FOLDER" }
                " makes one."
            }
        }
        var table = PageTable("Library roots", [.init("Folder"), .init("Action")])
        for root in roots {
            table.add([
                HTML(.span, .named("path")) { root.display },
                request.form("/scans") {
                    HTML.hidden("path", root.encoded)
                    HTML.submit("Scan", isPlain: false, label: "Scan \(root.display)")
                },
            ])
        }
        return table.html
    }
}

extension DeadGroup {
    var selection: TaskSelection { TaskSelection(TaskFilter(state: .dead, fingerprint: fingerprint)) }
}
