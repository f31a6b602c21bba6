/// How a service wants to be treated.
package struct ServicePolicy: Hashable, Sendable {
    package var breaker: CircuitBreaker.Policy
    package var requestsPerSecond: Double
    package var requestsAtOnce: Double
    /// A request that would wait longer for its turn is refused.
    package var patienceSeconds: Double
    /// True where all processes together must keep the quota.
    package var sharesQuota: Bool

    package init(
        breaker: CircuitBreaker.Policy = CircuitBreaker.Policy(), requestsPerSecond: Double = 20,
        requestsAtOnce: Double = 40, patienceSeconds: Double = 2, sharesQuota: Bool = false
    ) {
        self.breaker = breaker
        self.requestsPerSecond = requestsPerSecond
        self.requestsAtOnce = requestsAtOnce
        self.patienceSeconds = patienceSeconds
        self.sharesQuota = sharesQuota
    }

    /// How long a request may wait for its turn that shall take no longer than `limit`.
    package func patience(within limit: Double) -> Double { min(patienceSeconds, max(0, limit / 2)) }

    /// For services that strangers run for everybody: three failures close the door, and then there is one probe a minute
    /// at most; nor is there less than one in a minute and a quarter, so that all goes on soon after an outage.
    package static func everybodys(perSecond: Double, atOnce: Double) -> ServicePolicy {
        ServicePolicy(
            breaker: CircuitBreaker.Policy(
                failuresToOpen: 3, firstPauseSeconds: 60, longestPauseSeconds: 75, blockedPauseSeconds: 300),
            requestsPerSecond: perSecond, requestsAtOnce: atOnce, patienceSeconds: 10, sharesQuota: true)
    }
}
