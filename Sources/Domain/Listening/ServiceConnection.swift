/// An account's connection to a service outside, without what opens it.
package struct ServiceConnection: Hashable, Sendable {
    package var service: ServiceID
    /// As the service calls the owner.
    package var userName: String
    /// Microseconds since the epoch, as the others.
    package var connectedAt: Int64
    /// Why nothing is sent until it is connected anew; nil while all is well.
    package var problem: String?
    package var problemAt: Int64?
    /// Listens that are on their way.
    package var waiting: Int
    /// Why they are not there yet, as the last try ended; nil while none of them was tried in vain.
    package var waitingBecause: String?

    package init(
        service: ServiceID, userName: String, connectedAt: Int64, problem: String? = nil, problemAt: Int64? = nil,
        waiting: Int = 0, waitingBecause: String? = nil
    ) {
        self.service = service
        self.userName = userName
        self.connectedAt = connectedAt
        self.problem = problem
        self.problemAt = problemAt
        self.waiting = waiting
        self.waitingBecause = waitingBecause
    }
}

extension ServiceID {
    /// Services that are told of listens.
    package static let listenTargets: [ServiceID] = [.lastfm, .listenbrainz]
    /// Services that an account is connected to.
    package static let personal: [ServiceID] = [.lastfm, .listenbrainz, .napster]
}
