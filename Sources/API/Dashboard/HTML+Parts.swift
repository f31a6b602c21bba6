import Domain
import UseCases

/// What several pages of the dashboard are made of.
extension HTML {
    /// A part of a page with a heading.
    static func box(_ title: String, @HTMLBuilder content: () -> HTML) -> HTML {
        HTML(.section, .named("box")) {
            HTML(.h2) { title }
            content()
        }
    }

    /// What changes while one looks; without script it is as it was when the page was asked for.
    static func live(_ title: String, reload: LocalPath, @HTMLBuilder content: () -> HTML) -> HTML {
        HTML(.main, .named("wide")) {
            HTML(.div, .named("heading")) {
                HTML(.h1) { title }
                HTML(.span, .id("live-state"), .named("hint"), .init(.role, "status"))
                HTML(.a, .href(reload)) { "Reload" }
            }
            HTML(.div, .id("live")) { content() }
        }
    }

    static func hint(_ text: String) -> HTML { HTML(.p, .named("hint")) { text } }

    static func state(_ text: String, isGood: Bool = false, isBad: Bool = false) -> HTML {
        HTML(.span, .named(isBad ? "state bad" : isGood ? "state good" : "state")) { text }
    }

    static func link(_ text: String, _ path: LocalPath) -> HTML { HTML(.a, .href(path)) { text } }

    static func hidden(_ name: String, _ value: String) -> HTML {
        HTML(.input, .init(.type, "hidden"), .init(.name, name), .init(.value, value))
    }

    static func submit(_ text: String, isPlain: Bool = true, label: String? = nil) -> HTML {
        HTML(
            .button, .init(.type, "submit"), .named(isPlain ? "quiet" : "main"), .init(.ariaLabel, label ?? text)
        ) { text }
    }

    static func task(_ id: Int64) -> HTML { link("\(id)", .task(id)) }

    /// What a task is about, in a line.
    static func subject(of task: TaskRecord) -> HTML {
        if let path = task.path { return HTML(.span, .named("path")) { path.display } }
        return HTML(text: task.trackID.map { "track \($0)" } ?? "–")
    }

    static func failure(_ failure: Failure?) -> HTML {
        guard let failure else { return HTML(text: "–") }
        return HTML(.span, .named("failure")) {
            HTML(.strong) { failure.reason.rawValue }
            " \(failure.message)"
        }
    }

    static func state(of task: TaskState) -> HTML {
        state(task.rawValue, isGood: task == .done || task == .running, isBad: task == .dead)
    }
}

extension LocalPath {
    /// Numbers and UUIDs only.
    static func task(_ id: Int64) -> LocalPath { LocalPath("/tasks/\(id)") ?? "/tasks" }
}
