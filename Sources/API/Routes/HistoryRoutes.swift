import Domain
import HTTPTypes
import UseCases

/// `/v1/history`
struct HistoryRoutes: Sendable {
    let store: any HistoryStore
    let clock: MicrosecondClock

    private static let resolution = Parameter(
        "resolution", Scalar<HistoryRange.Resolution>.choice, "The length of a period; hour when absent.")
    private static let from = Parameter(
        "from", .time, "The periods from the one that holds this time on; a day, a month or a year back when absent.")
    private static let to = Parameter("to", .time, "Until the period before this time ends; now when absent.")

    var routes: [Route] {
        [
            .json(
                .get, "/v1/history", "getHistory", "Show what became of tasks, by hour, day or week", access: .user,
                parameters: [ParameterSpec(Self.resolution), ParameterSpec(Self.from), ParameterSpec(Self.to)],
                answer: .history,
                "Up to \(HistoryRange.maxPeriods) periods in UTC; those in which nothing happened are left out."
            ) { request in
                let resolution = try request.optional(Self.resolution) ?? .hour
                let to = try request.optional(Self.to) ?? clock()
                let from = try request.optional(Self.from) ?? to - Self.usualHours(resolution) * HistoryRange.hourUs
                guard let range = HistoryRange(resolution, from: from, to: to) else {
                    throw Problem.badRequest(
                        "from must lie before to, by \(HistoryRange.maxPeriods) periods of one \(resolution.rawValue) "
                            + "at most")
                }
                return try await store.history(range)
            }
        ]
    }

    private static func usualHours(_ resolution: HistoryRange.Resolution) -> Int64 {
        switch resolution {
        case .hour: 24
        case .day: 30 * 24
        case .week: 52 * 7 * 24
        }
    }
}
