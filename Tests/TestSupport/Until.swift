/// What did not happen in time.
package struct TimedOut: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
        self.description = description
    }
}

/// Asks again and again until there is an answer. Tests wait for what they need, never for a fixed time.
package func until<Value>(
    _ what: String, _ limit: Duration = .seconds(60), every pause: Duration = .milliseconds(20),
    _ answer: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        if let value = try await answer() { return value }
        guard ContinuousClock.now < deadline else {
            throw TimedOut(description: "not within \(limit): \(what)")
        }
        try await Task.sleep(for: pause)
    }
}

package func until(
    _ what: String, _ limit: Duration = .seconds(60), every pause: Duration = .milliseconds(20),
    _ isTrue: () async throws -> Bool
) async throws {
    _ = try await until(what, limit, every: pause) { try await isTrue() ? true : nil }
}
