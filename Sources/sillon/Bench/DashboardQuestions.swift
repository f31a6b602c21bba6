import Domain
import Persistence
import UseCases

/// What the pages of the dashboard ask the database, one by one.
struct DashboardQuestions {
    private let stores: Stores
    /// As long as the longest page.
    private static let page = PageRequest(limit: 50)

    init(_ stores: Stores) {
        self.stores = stores
    }

    /// Milliseconds of each question, asked so often.
    func times(_ rounds: Int) async throws -> [String: Spread] {
        let questions = try await questions
        var times: [String: [Double]] = [:]
        for _ in 0..<rounds {
            for (name, ask) in questions {
                let start = ContinuousClock.now
                try await ask()
                times[name, default: []].append((ContinuousClock.now - start) / .milliseconds(1))
            }
        }
        return times.mapValues { Spread($0) }
    }

    private var questions: [(String, () async throws -> Void)] {
        get async throws {
            let (tasks, scans) = (stores.tasks, stores.scans)
            let waiting = try await tasks.tasks(TaskFilter(state: .ready), page: Self.page).items.last
            let done = try await tasks.tasks(TaskFilter(state: .done), page: Self.page).items.last
            var questions: [(String, () async throws -> Void)] = [
                ("queues", { _ = try await tasks.queues() }), ("workers", { _ = try await tasks.workers() }),
                ("scans", { _ = try await scans.scans(Self.page) }),
                ("causes", { _ = try await tasks.deadGroups(since: 0, limit: Self.causes) }),
                ("newest tasks", { _ = try await tasks.tasks(TaskFilter(), page: Self.page) }),
            ]
            for state in TaskState.allCases {
                let filter = TaskFilter(state: state)
                questions.append(("\(state.rawValue) tasks", { _ = try await tasks.tasks(filter, page: Self.page) }))
            }
            if let done {
                questions.append(
                    (
                        "a task",
                        {
                            _ = try await tasks.task(id: done.id)
                            _ = try await tasks.followers(of: done)
                        }
                    ))
            }
            if let waiting {
                let reasons = WaitingTask(tasks: tasks, services: nil)
                questions.append(("why it waits", { _ = try await reasons.reasons(for: waiting) }))
            }
            return questions
        }
    }

    /// Dead tasks that are looked at to group them.
    private static let causes = 5000
}
