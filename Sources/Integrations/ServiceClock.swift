/// Time and chance for what speaks to services; tests have their own.
package struct ServiceClock: Sendable {
    /// Seconds on a clock that never goes back.
    package var now: @Sendable () -> Double
    /// Throws `CancellationError`.
    package var sleep: @Sendable (_ seconds: Double) async throws -> Void
    /// A random number in 0..<1.
    package var unit: @Sendable () -> Double
    /// Comes back when a request has had its time. Throws `CancellationError`.
    package var limit: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Double, sleep: @escaping @Sendable (Double) async throws -> Void,
        unit: @escaping @Sendable () -> Double,
        limit: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.now = now
        self.sleep = sleep
        self.unit = unit
        self.limit = limit
    }

    package static let system: ServiceClock = {
        let start = ContinuousClock.now
        return ServiceClock(
            now: { (ContinuousClock.now - start) / .seconds(1) }, sleep: { try await Task.sleep(for: .seconds($0)) },
            unit: { .random(in: 0..<1) })
    }()
}
