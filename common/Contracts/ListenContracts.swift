import Domain

/// `submit_listens` v1: tell a service what an account has listened to. The listens themselves, oldest first, so that the
/// handler needs no database; never what opens the account there.
package struct SubmitListensPayload: Codable, Hashable, Sendable {
    package var accountID: Int64
    package var target: ServiceID
    package var listens: [QueuedListen]
    /// True when an earlier task took one of them along and nobody knows whether it arrived.
    package var inDoubt: Bool?

    package init(accountID: Int64, target: ServiceID, listens: [QueuedListen], inDoubt: Bool? = nil) {
        self.accountID = accountID
        self.target = target
        self.listens = listens
        self.inDoubt = inDoubt
    }

    enum CodingKeys: String, CodingKey {
        case target, listens
        case accountID = "account_id"
        case inDoubt = "in_doubt"
    }
}

/// A listen with its number in the outbox.
package struct QueuedListen: Codable, Hashable, Sendable {
    package var id: Int64
    package var listen: Listen

    package init(id: Int64, listen: Listen) {
        self.id = id
        self.listen = listen
    }
}

/// `listens_submitted` v1: what became of the listens of a task. Those without a verdict wait on.
package struct ListensSubmittedOutcome: Codable, Hashable, Sendable {
    package struct Verdict: Codable, Hashable, Sendable {
        package enum State: String, Codable, CaseIterable, Sendable {
            case sent
            /// The service will never take it.
            case ignored
        }

        package var id: Int64
        package var state: State
        package var detail: String?

        package init(id: Int64, state: State, detail: String? = nil) {
            self.id = id
            self.state = state
            self.detail = detail
        }
    }

    package var accountID: Int64
    package var target: ServiceID
    package var verdicts: [Verdict]
    /// Why nothing can be sent before the account is connected anew.
    package var signInAgain: String?
    /// Which connection was used: when it was made, microseconds since the epoch.
    package var connectedAt: Int64?
    /// When the rest may be tried, for listens without a verdict.
    package var retryAfterSeconds: Double?

    package init(accountID: Int64, target: ServiceID, verdicts: [Verdict] = [], connectedAt: Int64? = nil) {
        self.accountID = accountID
        self.target = target
        self.verdicts = verdicts
        self.connectedAt = connectedAt
    }

    enum CodingKeys: String, CodingKey {
        case target, verdicts
        case accountID = "account_id"
        case signInAgain = "sign_in_again"
        case connectedAt = "connected_at"
        case retryAfterSeconds = "retry_after_seconds"
    }
}
