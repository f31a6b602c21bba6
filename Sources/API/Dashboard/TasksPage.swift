import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/tasks`: newest first, as far as the URL says.
struct TasksPage: Sendable {
    let services: APIServices

    private static let pageLength = 50
    private static let back = BodyField("back", .text(0...LocalPath.maxLength), "The page to go to.")
    private static let backTo = Parameter(back.name, back.scalar, back.description)

    var routes: [Route] {
        [
            .page(
                "/tasks", "tasksPage", "Show tasks, newest first", access: .user,
                parameters: TaskSelection.parameters + [ParameterSpec(.cursor)], page),
            .page(
                "/tasks/cancel/confirm", "confirmCancelPage", "Ask before all tasks that match are cancelled",
                access: .admin, parameters: TaskSelection.parameters + [ParameterSpec(Self.backTo)], confirm),
            act("retry", "Put back all dead tasks that match, from a page") { selection, request in
                request.logRetries(try await services.tasks.retryAll(selection.filter, actor: request.actor))
            },
            act("cancel", "Cancel all tasks in one state that match, from a page") { selection, request in
                guard selection.filter.state != nil else { throw Problem.invalid("state is missing") }
                _ = try await services.tasks.cancelAll(selection.filter, actor: request.actor)
            },
        ]
    }

    private func page(_ request: APIRequest) async throws -> WebPage {
        let selection = try TaskSelection(query: request)
        let page = PageRequest(cursor: try request.optional(.cursor), limit: Self.pageLength)
        let tasks = try await Problem.listing { try await services.tasks.tasks(selection.filter, page: page) }
        return request.webPage("Tasks", place: .tasks) {
            HTML(.main, .named("wide")) {
                HTML(.h1) { "Tasks" }
                form(selection.filter)
                HTML(.section, .named("box"), .init(.ariaLabel, "Tasks")) {
                    tasks.items.isEmpty ? HTML(.p) { "There are no such tasks." } : table(tasks.items)
                    if let next = tasks.nextCursor {
                        HTML(.p) { HTML.link("Older tasks", selection.path.with("cursor", next)) }
                    }
                }
                if request.isAdmin, !tasks.items.isEmpty { acts(request, selection) }
            }
        }
    }

    /// What is thrown away is not there any more; what is put back can be thrown away still.
    private func confirm(_ request: APIRequest) throws -> WebPage {
        let selection = try TaskSelection(query: request)
        let back = try request.optional(Self.backTo).flatMap { LocalPath($0) } ?? "/tasks"
        let isDead = selection.filter.state == .dead
        let title = isDead ? "Dismiss all these tasks?" : "Cancel all these tasks?"
        return request.webPage(title, place: isDead ? .deadLetters : .tasks) {
            HTML(.main, .named("text")) {
                HTML(.h1) { title }
                HTML(.p) { selection.sentence }
                HTML(.p) {
                    isDead
                        ? "Nobody will be told of them any more, and they cannot be put back."
                        : "What they would have done is left undone until it is asked for again."
                }
                HTML(.div, .named("actions")) {
                    Self.form(request, .cancel, selection, isDead ? "Dismiss them" : "Cancel them", back: back)
                    HTML(.a, .href(back), .named("quiet")) { "Keep them" }
                }
            }
        }
    }

    /// To the question before they are all gone.
    static func cancelLink(_ selection: TaskSelection, _ title: String, back: LocalPath) -> HTML {
        HTML(.a, .href(selection.path(at: "/tasks/cancel/confirm").with("back", back.text)), .named("button quiet")) {
            title
        }
    }

    private func form(_ filter: TaskFilter) -> HTML {
        HTML(.form, .init(.method, "get"), .action("/tasks"), .named("filters"), .init(.role, "search")) {
            choice("role", "Role", Role.allCases.map(\.rawValue), filter.role?.rawValue)
            choice("kind", "Kind", TaskKind.allCases.map(\.rawValue), filter.kind?.rawValue)
            choice("state", "State", TaskState.allCases.map(\.rawValue), filter.state?.rawValue)
            field("scan", "Scan", filter.scanID)
            field("error", "Error", filter.fingerprint.map(String.init))
            HTML.submit("Show", isPlain: false)
        }
    }

    private func choice(_ name: String, _ title: String, _ values: [String], _ chosen: String?) -> HTML {
        HTML(.label) {
            title
            HTML(.select, .init(.name, name)) {
                HTML(.option, .init(.value, "")) { "any" }
                for value in values { option(value, isChosen: value == chosen) }
            }
        }
    }

    private func option(_ value: String, isChosen: Bool) -> HTML {
        isChosen
            ? HTML(.option, .init(.value, value), .init(.selected)) { value }
            : HTML(.option, .init(.value, value)) { value }
    }

    private func field(_ name: String, _ title: String, _ value: String?) -> HTML {
        HTML(.label) {
            title
            HTML(
                .input, .init(.name, name), .init(.value, value ?? ""), .init(.maxlength, "64"),
                .init(.autocomplete, "off"), .init(.spellcheck, "false"))
        }
    }

    private func table(_ tasks: [TaskRecord]) -> HTML {
        var table = PageTable(
            "Tasks",
            [
                .init("Task"), .init("Kind"), .init("State"), .init("Priority"), .init("Runs", isNumber: true),
                .init("Created"), .init("About"), .init("Last failure"),
            ])
        for task in tasks {
            table.add([
                HTML.task(task.id), HTML(text: task.kind.rawValue), HTML.state(of: task.state),
                HTML(text: task.priority.name), HTML(text: Amount.count(task.runs)), HTML.time(task.createdAt),
                HTML.subject(of: task), HTML.failure(task.lastFailure),
            ])
        }
        return table.html
    }

    private func acts(_ request: APIRequest, _ selection: TaskSelection) -> HTML {
        HTML(.div, .named("actions")) {
            if selection.filter.state == .dead {
                Self.form(request, .retry, selection, "Requeue all that match", back: "/tasks")
            }
            if let state = selection.filter.state, state.after(.cancel) != nil {
                Self.cancelLink(
                    selection, state == .dead ? "Dismiss all that match…" : "Cancel all that match…", back: "/tasks")
            }
        }
    }

    /// What can be done to all tasks of a selection.
    enum Act: String {
        case retry, cancel
    }

    static func form(
        _ request: APIRequest, _ act: Act, _ selection: TaskSelection, _ title: String, back: LocalPath
    ) -> HTML {
        request.form(act == .retry ? "/tasks/retry" : "/tasks/cancel") {
            selection.fields
            HTML.hidden("back", back.text)
            HTML.submit(title)
        }
    }

    private func act(
        _ verb: String, _ summary: String,
        _ run: @escaping @Sendable (TaskSelection, APIRequest) async throws -> Void
    ) -> Route {
        Route(
            .post, "/tasks/\(verb)", "\(verb)TasksOnPage", summary, access: .admin,
            body: BodySpec(
                "\(verb.titled)TasksOnPage", as: .form,
                TaskSelection.members + [.init(Self.back), .init(Body.csrf)]),
            bodyLimit: Body.maxFormBytes, answers: [Route.redirect], problems: [.conflict, .insufficientStorage]
        ) { request in
            let selection = try TaskSelection(form: request.body)
            try await Problem.naming("scan") { try await run(selection, request) }
            return .seeOther(try request.body.optional(Self.back).flatMap { LocalPath($0) } ?? "/tasks")
        }.asPage()
    }
}
