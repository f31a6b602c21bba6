import Domain
import UseCases

/// `/workers`: who works, and on what.
struct WorkersPage: Sendable {
    let services: APIServices

    var routes: [Route] {
        [
            .page("/workers", "workersPage", "Show the workers and what each is doing", access: .user) { request in
                let workers = try await QueueRoutes(services: services).workers()
                return request.webPage("Workers", place: .workers, scripts: ["live.js"]) {
                    HTML.live("Workers", reload: "/workers") {
                        HTML.box("At work") { WorkerTable(workers: workers.filter(\.status.isAlive)).html }
                        HTML.box("Gone") { gone(workers.filter { !$0.status.isAlive }) }
                    }
                }
            }
        ]
    }

    /// The last ones; each start of a worker makes a new one.
    private static let maxGone = 20

    private func gone(_ workers: [BusyWorker]) -> HTML {
        guard !workers.isEmpty else { return HTML(.p) { "None." } }
        return WorkerTable(workers: workers.suffix(Self.maxGone).reversed()).html
    }
}

struct WorkerTable: Sendable {
    let workers: [BusyWorker]

    /// Tasks of one worker that are shown.
    private static let maxTasks = 4

    var html: HTML {
        guard !workers.isEmpty else {
            return HTML(.p) {
                "No worker runs: tasks wait. Start one with "
                HTML(.code) { "sillon worker" }
                "."
            }
        }
        var table = PageTable(
            "Workers",
            [.init("Worker"), .init("Roles"), .init("State"), .init("Seen"), .init("Busy with"), .init("Version")])
        for worker in workers {
            let registration = worker.status.registration
            table.add([
                HTML(text: "\(registration.host)/\(registration.processID)"), HTML(text: roles(registration)),
                state(worker.status), HTML(text: "\(Amount.duration(seconds: worker.silence)) ago"), tasks(of: worker),
                HTML(text: registration.version),
            ])
        }
        return table.html
    }

    private func roles(_ registration: WorkerRegistration) -> String {
        registration.roles.map { role in
            let slots = registration.slots[role] ?? 1
            return slots > 1 ? "\(role.rawValue) ×\(slots)" : role.rawValue
        }.joined(separator: ", ")
    }

    private func state(_ status: WorkerStatus) -> HTML {
        guard status.isAlive else { return .state("gone", isBad: !status.running.isEmpty) }
        let state = HTML.state(status.isDraining ? "stopping" : "alive", isGood: !status.isDraining)
        guard let hold = status.registration.hold else { return state }
        let causes = hold.causes.map(\.text).joined(separator: ", ")
        return state + HTML(.div) { "audio held to \(Amount.count(hold.slots)): \(causes)" }
    }

    private func tasks(of worker: BusyWorker) -> HTML {
        let shown = worker.tasks.prefix(Self.maxTasks)
        let more = worker.status.running.count - shown.count
        let lines = shown.reduce(HTML()) { html, task in
            html
                + HTML(.div) {
                    HTML.link("\(task.kind.rawValue) \(task.id)", .task(task.id))
                    if let path = task.path { " \(String(decoding: path.lastComponent, as: UTF8.self))" }
                }
        }
        if worker.status.running.isEmpty { return HTML(text: "–") }
        return more > 0 ? lines + HTML(.div) { "and \(Amount.count(more)) more" } : lines
    }
}
