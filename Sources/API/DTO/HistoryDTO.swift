import Domain
import UseCases

/// A tally of one period.
struct Period<Tally: Sendable>: Sendable {
    /// Microseconds since the epoch.
    let start: Int64
    let tally: Tally
}

/// What one kind of task, or one role, did.
struct PeriodList<Name: Sendable, Tally: Sendable>: Sendable {
    let name: Name
    let periods: [Period<Tally>]
}

extension TaskHistory {
    var taskLists: [PeriodList<TaskKind, TaskTally>] {
        TaskKind.allCases.compactMap { kind in tasks[kind].map { Self.list(kind, $0) } }
    }

    var queueLists: [PeriodList<Role, DepthTally>] {
        Role.allCases.compactMap { role in queues[role].map { Self.list(role, $0) } }
    }

    private static func list<Name, Tally>(_ name: Name, _ tallies: [Int64: Tally]) -> PeriodList<Name, Tally> {
        PeriodList(
            name: name,
            periods: tallies.sorted { $0.key < $1.key }.map {
                Period(start: $0.key * HistoryRange.hourUs, tally: $0.value)
            })
    }
}

extension Shape where Value == TaskHistory {
    static let history = Shape.object("History") {
        Field("resolution", Shape<HistoryRange.Resolution>.choice) { $0.range.resolution }
        Field("from", .time) { $0.range.hours.lowerBound * HistoryRange.hourUs }
        Field("to", .time) { $0.range.hours.upperBound * HistoryRange.hourUs }
        Field("tasks", Shape<PeriodList<TaskKind, TaskTally>>.taskPeriods.list) { $0.taskLists }
        Field("queues", Shape<PeriodList<Role, DepthTally>>.queuePeriods.list) { $0.queueLists }
    }
}

extension Shape where Value == PeriodList<TaskKind, TaskTally> {
    static let taskPeriods = Shape.object("TaskPeriods") {
        Field("kind", Shape<TaskKind>.choice) { $0.name }
        Field("role", Shape<Role>.choice) { $0.name.role }
        Field("total", Shape<TaskTally>.taskTally, "All periods together.") { list in
            list.periods.reduce(into: TaskTally()) { $0 += $1.tally }
        }
        Field("periods", Shape<Period<TaskTally>>.taskPeriod.list, "The oldest first.") { $0.periods }
    }
}

extension Shape where Value == Period<TaskTally> {
    static let taskPeriod = Shape.object("TaskPeriod") {
        Field("start", .time) { $0.start }
        Shape<TaskTally>.tallyFields.map { $0.of(\.tally) }
    }
}

extension Shape where Value == TaskTally {
    static let taskTally = Shape.object("TaskTally") { tallyFields }

    static let tallyFields: [Field<TaskTally>] = [
        Field("enqueued", .count) { $0.enqueued },
        Field("succeeded", .count) { $0.succeeded },
        Field("retried", .count, "Attempts that failed and were made again.") { $0.retried },
        Field("died", .count, "Dead letters.") { $0.died },
        Field("lost", .count, "Attempts whose worker was lost.") { $0.lost },
        Field("cancelled", .count) { $0.cancelled },
        Field("released", .count, "Attempts that were handed back, or whose service was away.") { $0.released },
        Field("run_seconds", Shape<DurationTally>.durations, "Of attempts, from their claim to their end.") { $0.run },
        Field("wait_seconds", Shape<DurationTally>.durations, "Of tasks, until their first claim.") { $0.wait },
    ]
}

extension Shape where Value == DurationTally {
    /// Null where there is none.
    static let durations = Shape.object("Durations") {
        Field("count", .count) { $0.histogram.total }
        Field("mean", .number) { $0.meanSeconds ?? .nan }
        Field("p50", .number, "Percentiles are off by less than a fifth.") {
            $0.histogram.seconds(atShare: 0.5) ?? .nan
        }
        Field("p95", .number) { $0.histogram.seconds(atShare: 0.95) ?? .nan }
        Field("p99", .number) { $0.histogram.seconds(atShare: 0.99) ?? .nan }
    }
}

extension Shape where Value == PeriodList<Role, DepthTally> {
    static let queuePeriods = Shape.object("QueuePeriods") {
        Field("role", Shape<Role>.choice) { $0.name }
        Field("periods", Shape<Period<DepthTally>>.queuePeriod.list, "The oldest first.") { $0.periods }
    }
}

extension Shape where Value == Period<DepthTally> {
    static let queuePeriod = Shape.object("QueuePeriod") {
        Field("start", .time) { $0.start }
        Field("ready_mean", .number, "Tasks that were ready, by a look a minute.") { $0.tally.mean }
        Field("ready_most", .count) { $0.tally.most }
        Field("oldest_seconds", .number, "Of the oldest ready task that was seen.") {
            Double($0.tally.oldestMs) / 1000
        }
    }
}
