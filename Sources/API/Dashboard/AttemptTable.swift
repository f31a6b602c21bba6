import Domain
import UseCases

/// Each attempt at a task: how it ended, where, and what it took.
struct AttemptTable: Sendable {
    let runs: [TaskRun]
    /// Those that are known still, to name the place.
    let workers: [WorkerStatus]

    var html: HTML {
        guard !runs.isEmpty else { return HTML(.p) { "No attempt has ended yet." } }
        var table = PageTable(
            "Attempts",
            [
                .init("Attempt"), .init("End"), .init("Took", isNumber: true), .init("Memory", isNumber: true),
                .init("Ended"), .init("Worker"), .init("Failure"),
            ])
        for run in runs {
            table.add([
                HTML(text: "\(run.run)"), end(run),
                HTML(text: run.seconds.map { Amount.duration(seconds: $0) } ?? "–"),
                HTML(text: run.memoryBytes.map(Amount.bytes) ?? "–"), HTML.time(run.finishedAt),
                HTML(text: worker(run)), HTML.failure(run.failure),
            ])
        }
        return table.html
            + (runs.contains { $0.memoryBytes != nil }
                ? HTML.hint("Memory: the most that the media host held which listened, in its life until then.")
                : HTML())
    }

    private func end(_ run: TaskRun) -> HTML {
        .state(run.end.rawValue, isGood: run.end == .succeeded, isBad: run.end == .died || run.end == .lost)
    }

    private func worker(_ run: TaskRun) -> String {
        guard let id = run.workerID else { return "–" }
        let known = workers.first { $0.registration.id == id }?.registration
        return known.map { "\($0.host)/\($0.processID)" } ?? "\(id)"
    }
}
