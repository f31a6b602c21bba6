/// Counts requests in fixed windows of time, each caller by itself.
package struct RateWindow: Sendable {
    package struct Standing: Hashable, Sendable {
        package let limit: Int
        /// Requests left in this window; negative when it is overdrawn.
        package let remaining: Int
        /// Seconds since 1970 at which the next window begins.
        package let reset: Int
        /// Seconds until then.
        package let resetIn: Int

        package var isOver: Bool { remaining < 0 }
    }

    private struct Window {
        var start: Int
        var count: Int
    }

    /// Callers that are counted at once; all others begin anew.
    private static let maxCallers = 1_000

    private let seconds: Int
    private var windows: [String: Window] = [:]

    package init(seconds: Int) { self.seconds = seconds }

    /// Counts one request.
    package mutating func count(_ caller: String, limit: Int, now: Int) -> Standing {
        let start = now - now % seconds
        if windows.count >= Self.maxCallers { windows = windows.filter { $0.value.start == start } }
        if windows.count >= Self.maxCallers { windows = [:] }
        var window = windows[caller] ?? Window(start: start, count: 0)
        if window.start != start { window = Window(start: start, count: 0) }
        window.count += 1
        windows[caller] = window
        return Standing(
            limit: limit, remaining: limit - window.count, reset: start + seconds, resetIn: start + seconds - now)
    }
}
