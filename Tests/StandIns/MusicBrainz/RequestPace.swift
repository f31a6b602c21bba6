/// The average rate of one caller over the last seconds. Refused requests count, too: who hammers stays refused.
struct RequestPace: Sendable {
    private let limit: Int
    private let seconds: Double
    private var times: [Double] = []

    /// One more than the average allows: requests do not come to the tick.
    init(perSecond: Double, seconds: Double) {
        self.seconds = seconds
        limit = Int(perSecond * seconds) + 1
    }

    /// False when the request is over the rate.
    mutating func take(now: Double) -> Bool {
        times.removeAll { $0 <= now - seconds }
        times.append(now)
        return times.count <= limit
    }
}
