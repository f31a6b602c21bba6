import Domain
import UseCases

/// The tasks of one file, from the first that led to a task to the last that followed it, each with its attempts.
struct TaskJourney: Sendable {
    struct Step: Sendable {
        let task: TaskRecord
        let runs: [TaskRun]
    }

    let steps: [Step]
    private let current: Int64

    /// Tasks that are followed back to the first.
    private static let maxBack = 8
    /// Tasks that are followed on to the last; a chain is shorter.
    private static let maxOn = 8

    /// What has been deleted from the history is left out.
    init(of detail: TaskDetail, in tasks: any TaskStore) async throws {
        current = detail.task.id
        var steps = [Step(task: detail.task, runs: detail.runs)]
        while steps.count <= Self.maxBack, let parent = steps[0].task.parentID {
            guard let step = try await Self.step(parent, in: tasks) else { break }
            steps.insert(step, at: 0)
        }
        var last = [detail.task]
        var added = 0
        while added < Self.maxOn, let task = last.popLast() {
            for follower in try await tasks.followers(of: task) {
                guard let step = try await Self.step(follower.id, in: tasks) else { continue }
                steps.append(step)
                last.append(follower)
                added += 1
            }
        }
        self.steps = steps
    }

    private static func step(_ id: Int64, in tasks: any TaskStore) async throws -> Step? {
        do {
            let found = try await tasks.task(id: id)
            return Step(task: found.task, runs: found.runs)
        } catch StoreError.notFound {
            return nil
        }
    }

    var html: HTML {
        var table = PageTable(
            "The way of its file",
            [
                .init("Task"), .init("Kind"), .init("State"), .init("Waited", isNumber: true),
                .init("Took", isNumber: true), .init("Memory", isNumber: true), .init("Attempts", isNumber: true),
                .init("Last failure"),
            ])
        for step in steps { table.add(cells(step)) }
        return table.html
    }

    private func cells(_ step: Step) -> [HTML] {
        let (task, runs) = (step.task, step.runs)
        let name = task.id == current ? HTML(text: "\(task.id) (this one)") : HTML.task(task.id)
        let begun = runs.compactMap(\.claimedAt).min() ?? task.claimedAt
        let seconds = runs.compactMap(\.seconds)
        return [
            name, HTML(text: task.kind.rawValue), HTML.state(of: task.state),
            HTML(text: begun.map { Amount.duration(from: task.createdAt, to: $0) } ?? "–"),
            HTML(text: seconds.isEmpty ? "–" : Amount.duration(seconds: seconds.reduce(0, +))),
            HTML(text: runs.compactMap(\.memoryBytes).max().map(Amount.bytes) ?? "–"),
            HTML(text: Amount.count(task.runs)),
            HTML.failure(task.lastFailure ?? runs.last { $0.failure != nil }?.failure),
        ]
    }
}

extension TaskRun {
    /// From its lease to its end; nil for one that never ran.
    var seconds: Double? {
        claimedAt.map { max(0, (Double(finishedAt) - Double($0)) / 1_000_000) }
    }
}
