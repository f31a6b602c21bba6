import Domain
import Synchronization
import UseCases

/// Quotas that all workers keep together, in a Redis that they all reach; breakers and records stay where they are.
///
/// When Redis dies, and when it is back, nobody gets a turn until all turns that were given elsewhere are over; between
/// those times the gate beside it counts.
package final class RedisServiceGate: ServiceGate {
    private enum Turn {
        case after(seconds: Double)
        case crowded(seconds: Double)
        case away
    }

    private struct State {
        var isLost = false
        /// Nobody gets a turn before: another place gave turns until a moment ago.
        var closedUntil: Double = 0
    }

    private let redis: RedisClient
    private let base: any ServiceGate
    private let clock: ServiceClock
    private let state = Mutex(State())

    private static let prefix = "sillon:quota:1:"

    /// - Parameter base: breakers, and quotas while Redis is away.
    package init(_ address: RedisAddress, beside base: any ServiceGate, clock: ServiceClock = .system) {
        redis = RedisClient(address, clock: clock)
        self.base = base
        self.clock = clock
    }

    package func enter(_ door: ServiceDoor, _ policy: ServicePolicy, limit: Double) async throws -> ServiceAdmission {
        guard policy.sharesQuota else { return try await base.enter(door, policy, limit: limit) }
        switch await turn(door, policy, limit: limit) {
        case .away: return try await base.enter(door, policy, limit: limit)
        case .crowded(let seconds): return .crowded(seconds: seconds)
        case .after(let seconds):
            var uncounted = policy
            uncounted.sharesQuota = false
            let admission = try await base.enter(door, uncounted, limit: limit + seconds)
            guard case .go(let turn) = admission else { return admission }
            return .go(ServiceTurn(permit: turn.permit, waitSeconds: seconds))
        }
    }

    package func leave(
        _ door: ServiceDoor, _ policy: ServicePolicy, _ turn: ServiceTurn, _ end: ServiceEnd
    ) async throws -> Double {
        try await base.leave(door, policy, turn, end)
    }

    private func turn(_ door: ServiceDoor, _ policy: ServicePolicy, limit: Double) async -> Turn {
        let period = 1 / policy.requestsPerSecond
        let hold = policy.patienceSeconds + period + RedisClient.restSeconds
        let words = [
            "EVAL", Self.script, "1", "\(Self.prefix)\(door.service):\(door.host)", Self.milliseconds(period),
            Self.milliseconds(period * (policy.requestsAtOnce - 1)),
            Self.milliseconds(policy.patience(within: limit)), "\(Int(hold.rounded(.up)))",
        ]
        let reply = await redis.command(words)
        let now = clock.now()
        return state.withLock { state in
            guard case .number(let milliseconds)? = reply else {
                if !state.isLost { state = State(isLost: true, closedUntil: now + hold) }
                return now < state.closedUntil ? .crowded(seconds: state.closedUntil - now) : .away
            }
            if state.isLost { state = State(isLost: false, closedUntil: now + hold) }
            if now < state.closedUntil { return .crowded(seconds: state.closedUntil - now) }
            let seconds = Double(milliseconds) / 1000
            return seconds >= 0 ? .after(seconds: seconds) : .crowded(seconds: -seconds)
        }
    }

    /// Rounded up: a quota is kept, not nearly kept.
    private static func milliseconds(_ seconds: Double) -> String {
        "\(Int(exactly: (seconds * 1000).rounded(.up)) ?? 0)"
    }

    /// The same law as `TokenBucket`: one number, the time at which the quota is full again, by the clock of Redis.
    /// Answers milliseconds until the turn, or less than zero: so long until there may be one. A Redis that has just
    /// started gives none, since others may still hold turns that were given while it was away.
    private static let script = """
        local up = tonumber(string.match(redis.call('INFO', 'server'), 'uptime_in_seconds:(%d+)'))
        local period, burst, patience, hold = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        if up < hold then return -1000 * (hold - up) end
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
        local wait = math.max(0, full - burst - now)
        if wait > patience then return -math.max(1, wait - patience) end
        redis.call('SET', KEYS[1], string.format('%d', full + period), 'PX', string.format('%d', full + period - now + 1000))
        return wait
        """
}
