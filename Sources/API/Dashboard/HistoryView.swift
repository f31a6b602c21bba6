import Domain
import HTTPTypes
import UseCases

/// What is kept of some time, as charts.
struct HistoryView: Sendable {
    let period: HistoryPeriod
    let history: TaskHistory

    /// - Parameter now: microseconds since the epoch; the period that it lies in is the last one.
    init(_ store: any HistoryStore, _ period: HistoryPeriod, now: Int64) async throws {
        guard let range = period.range(to: now) else {
            throw Problem(.internalServerError, "the clock of this server is set to no time")
        }
        self.period = period
        history = try await store.history(range)
    }

    /// Tasks of a role that were done a minute since the hour before the last one began, as far as processes have written
    /// it down, which they do once a minute.
    /// - Parameter now: microseconds since the epoch.
    func donePerMinute(_ role: Role, now: Int64) -> Double {
        let hours = history.range.starts.suffix(2)
        let done = history.tasks.filter { $0.key.role == role }.values.reduce(0) { sum, tallies in
            sum + hours.reduce(0) { $0 + (tallies[$1]?.succeeded ?? 0) }
        }
        let microseconds = Double(now) - Double(hours.first ?? 0) * Double(HistoryRange.hourUs)
        return Double(done) * 60_000_000 / max(60_000_000, microseconds)
    }

    /// Kinds that did something, with all of it.
    var totals: [(TaskKind, TaskTally)] {
        TaskKind.allCases.compactMap { kind in
            history.tasks[kind].map { (kind, $0.values.reduce(into: TaskTally()) { $0 += $1 }) }
        }
    }

    /// - Parameter kind: nil for all together.
    func charts(of kind: TaskKind?) -> [Chart] {
        let tallies = tallies(of: kind)
        return [
            finished(tallies), durations("runs", "Time at work", tallies, \.run),
            durations("waits", "Time until work began", tallies, \.wait), ready(kind.map(\.role)),
        ]
    }

    /// Tasks that ended, and attempts that failed.
    func finished(_ kind: TaskKind? = nil) -> Chart { finished(tallies(of: kind)) }

    private func tallies(of kind: TaskKind?) -> [TaskTally?] {
        let kinds = kind.map { [$0] } ?? TaskKind.allCases
        return history.range.starts.map { start in
            let found = kinds.compactMap { history.tasks[$0]?[start] }
            return found.isEmpty ? nil : found.reduce(into: TaskTally()) { $0 += $1 }
        }
    }

    private func chart(
        _ id: String, _ title: String, _ unit: Chart.Unit, _ style: Chart.Style, _ series: [Chart.Series]
    ) -> Chart {
        Chart(
            id, title, unit, style, starts: history.range.starts.map { $0 * HistoryRange.hourUs }, period: period,
            series: series)
    }

    private func finished(_ tallies: [TaskTally?]) -> Chart {
        chart(
            "finished", "Tasks by \(history.range.resolution.rawValue)", .count, .columns,
            [
                .init(name: "Done", look: "good", values: tallies.map { $0.map { Double($0.succeeded) } }),
                .init(
                    name: "Tried again", look: "warn", values: tallies.map { $0.map { Double($0.retried + $0.lost) } }),
                .init(name: "Died", look: "bad", values: tallies.map { $0.map { Double($0.died) } }),
            ])
    }

    private func durations(
        _ id: String, _ title: String, _ tallies: [TaskTally?], _ durations: KeyPath<TaskTally, DurationTally>
    ) -> Chart {
        let shares: [(String, String, Double)] = [
            ("99 %", "third", 0.99), ("95 %", "second", 0.95), ("Median", "first", 0.5),
        ]
        return chart(
            id, title, .seconds, .lines,
            shares.map { name, look, share in
                .init(
                    name: name, look: look,
                    values: tallies.map { $0?[keyPath: durations].histogram.seconds(atShare: share) })
            })
    }

    private func ready(_ role: Role?) -> Chart {
        let looks = ["first", "second", "third", "fourth"]
        let roles = role.map { [$0] } ?? Role.allCases
        return chart(
            "ready", "Tasks that were ready", .count, .lines,
            zip(roles, looks).map { role, look in
                .init(
                    name: role.rawValue.titled, look: look,
                    values: history.range.starts.map { history.queues[role]?[$0]?.mean })
            })
    }
}
