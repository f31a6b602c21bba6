import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/tasks/{id}`: what it is to do, each attempt, and why it does not run.
struct TaskPage: Sendable {
    let services: APIServices

    var routes: [Route] {
        [
            .page(
                "/tasks/{id}", "taskPage", "Show a task", access: .user, parameters: [ParameterSpec(.id)], page),
            act("retry", "Put a dead task back into the queue, from a page") { id, request in
                request.logRetry(of: try await services.tasks.retry(id: id, actor: request.actor))
            },
            act("cancel", "Cancel a task or dismiss a dead one, from a page") { id, request in
                _ = try await services.tasks.cancel(id: id, actor: request.actor)
            },
        ]
    }

    private func page(_ request: APIRequest) async throws -> WebPage {
        let id = try request.require(.id)
        let detail = try await TaskRoutes(services: services).detail(of: id)
        let journey = try await TaskJourney(of: detail, in: services.tasks)
        let workers = try await services.tasks.workers()
        return request.webPage("Task \(id)", place: .tasks, scripts: ["live.js"]) {
            HTML.live("Task \(id)", reload: .task(id)) {
                HTML(.section, .named("box"), .init(.ariaLabel, "Task")) {
                    facts(detail.task)
                    if request.isAdmin { acts(request, detail.task) }
                }
                if !detail.waitingFor.isEmpty { HTML.box("Why is it not running?") { reasons(detail.waitingFor) } }
                if journey.steps.count > 1 { HTML.box("The way of its file") { journey.html } }
                HTML.box("Attempts") { AttemptTable(runs: detail.runs, workers: workers).html }
                if !detail.events.isEmpty { HTML.box("Events") { events(detail.events) } }
                HTML.box("Payload") {
                    HTML(.pre) { HTML(.code) { ContractJSON.encode(Shape<TaskRecord>.payload(of: detail.task)) } }
                }
            }
        }
    }

    private func facts(_ task: TaskRecord) -> HTML {
        let rows: [(String, HTML?)] = [
            ("Kind", HTML(text: "\(task.kind.rawValue), version \(task.version)")),
            ("State", HTML.state(of: task.state)), ("Role", HTML(text: task.kind.role.rawValue)),
            ("Priority", HTML(text: task.priority.name + (task.isQuarantined ? ", runs alone as a suspect" : ""))),
            ("About", task.path.map { _ in HTML.subject(of: task) }),
            ("Scan", task.scanID.map { HTML.link($0, TaskSelection(TaskFilter(scanID: $0)).path) }),
            ("Created", HTML.time(task.createdAt)), ("Not before", task.runAt.map { HTML.time($0) }),
            ("Taken", task.claimedAt.map { HTML.time($0) }), ("Ended", task.finishedAt.map { HTML.time($0) }),
            ("Last failure", task.lastFailure.map { HTML.failure($0) }),
        ]
        let known = rows.compactMap { name, value in value.map { (name, $0) } }
        return HTML(.dl, .named("facts")) {
            for (name, value) in known {
                HTML(.dt) { name }
                HTML(.dd) { value }
            }
        }
    }

    private func acts(_ request: APIRequest, _ task: TaskRecord) -> HTML {
        HTML(.div, .named("actions")) {
            if task.state.after(.requeue) != nil {
                request.form(LocalPath("/tasks/\(task.id)/retry") ?? "/") { HTML.submit("Requeue", isPlain: false) }
            }
            if task.state.after(.cancel) != nil {
                request.form(LocalPath("/tasks/\(task.id)/cancel") ?? "/") {
                    HTML.submit(task.state == .dead ? "Dismiss" : "Cancel")
                }
            }
        }
    }

    private func reasons(_ reasons: [WaitReason]) -> HTML {
        HTML(.ul) {
            for reason in reasons {
                HTML(.li) {
                    reason.text
                    if case .scheduled(let time) = reason { HTML(text: ": ") + HTML.time(time) }
                }
            }
        }
    }

    private func events(_ events: [TaskEvent]) -> HTML {
        var table = PageTable("Events", [.init("Event"), .init("Time"), .init("By"), .init("Detail")])
        for event in events {
            table.add([
                HTML(text: event.type), HTML.time(event.at), HTML(text: event.actor), HTML(text: event.detail),
            ])
        }
        return table.html
    }

    private func act(
        _ verb: String, _ summary: String, _ run: @escaping @Sendable (Int64, APIRequest) async throws -> Void
    ) -> Route {
        Route(
            .post, "/tasks/{id}/\(verb)", "\(verb)TaskOnPage", summary, access: .admin,
            parameters: [ParameterSpec(.id)],
            body: BodySpec("\(verb.titled)TaskOnPage", as: .form, [.init(Body.csrf)]),
            bodyLimit: Body.maxFormBytes, answers: [Route.redirect], problems: [.conflict, .insufficientStorage]
        ) { request in
            let id = try request.require(.id)
            try await run(id, request)
            return .seeOther(.task(id))
        }.asPage()
    }
}
