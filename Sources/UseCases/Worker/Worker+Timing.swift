import Domain

extension Worker {
    /// How often a worker speaks to its broker, and how long it waits.
    package struct Timing: Sendable {
        /// A busy worker renews its leases this often, an idle one rarely: an idle device should not write.
        package var heartbeat: Duration = .seconds(10)
        package var heartbeatsPerIdleRenewal = 6
        /// A lease outlives this many missed renewals.
        package var leaseHeartbeats = 4
        package var cancellationPoll: Duration = .milliseconds(500)
        /// Results wait this long at most for their batch.
        package var settleInterval: Duration = .milliseconds(500)
        package var leaseWaitSeconds: Double = 30
        /// False for a broker that tries again until it is in reach.
        package var brokerGivesUp = true
        /// After `stop`, running tasks have this long to end; then they are handed back.
        package var drainGrace: Duration = .seconds(15)
        /// A broker that does not answer is told of the device for this long; the next look at the device tells again.
        package var tellLimit: Duration = .seconds(3)
        /// Pause after an error of the broker.
        package var errorPause: Duration = .seconds(1)

        /// How long a task waits for a store that cannot answer: five minutes or so in all.
        package var patience = RetryPolicy(maxFailures: 30, baseSeconds: 0.5, capSeconds: 15)

        package init() {}
    }
}
