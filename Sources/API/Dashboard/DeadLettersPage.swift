import Domain
import UseCases

/// `/dead-letters`: tasks that were given up, by cause.
struct DeadLettersPage: Sendable {
    let services: APIServices

    var routes: [Route] {
        [.page("/dead-letters", "deadLettersPage", "Show dead tasks by cause", access: .user, page)]
    }

    private func page(_ request: APIRequest) async throws -> WebPage {
        let groups = try await services.tasks.deadGroups(since: 0, limit: DeadGroup.maxLooked)
        let isCut = groups.reduce(0) { $0 + $1.count } >= DeadGroup.maxLooked
        return request.webPage("Dead letters", place: .deadLetters, scripts: ["live.js"]) {
            HTML.live("Dead letters", reload: "/dead-letters") {
                if groups.isEmpty { HTML(.p) { "No task was given up." } }
                if isCut { HTML.hint("Only the newest \(Amount.count(DeadGroup.maxLooked)) are counted here.") }
                for group in groups { box(request, group) }
                if request.isAdmin, !groups.isEmpty { purge }
            }
        }
    }

    private func box(_ request: APIRequest, _ group: DeadGroup) -> HTML {
        HTML(.section, .named("box"), .init(.ariaLabel, group.failure.reason.rawValue)) {
            HTML(.header) {
                HTML(.h2) { group.failure.reason.rawValue }
                HTML(.span, .named("hint")) {
                    "\(Amount.count(group.count)) × \(group.kind.rawValue), last "
                    HTML.time(group.newestAt)
                }
            }
            HTML(.p) { group.failure.message }
            HTML(.div, .named("actions")) {
                HTML(.a, .href(group.selection.path), .named("button quiet")) { "Show the tasks" }
                if request.isAdmin {
                    TasksPage.form(request, .retry, group.selection, "Requeue", back: "/dead-letters")
                    TasksPage.cancelLink(group.selection, "Dismiss…", back: "/dead-letters")
                }
            }
        }
    }

    private var purge: HTML {
        HTML(.div, .named("actions")) {
            TasksPage.cancelLink(TaskSelection(TaskFilter(state: .dead)), "Dismiss all…", back: "/dead-letters")
        }
    }
}
