import Contracts
import Domain

/// Tells a service what an account has listened to.
///
/// A task that runs for the first time sends; whoever finds that it may have been sent before (the task ran already, or
/// another one had a listen of it) first asks the service what it has. So a listen goes out twice only when the service
/// took it, the process died before that was written down, and the service then does not show it.
struct SubmitListens: Sendable {
    /// A service that is told of listens, and can tell which it has.
    typealias Target = ScrobbleTarget & ListenHistory

    let targets: [any Target]
    let vault: (any CredentialVault)?

    /// Another worker may know the service, or this one after its next start.
    private static let unknownTargetSeconds: Double = 6 * 3600
    /// Somebody has to put the key file back.
    private static let closedVaultSeconds: Double = 600
    /// An outbox is never a dead letter: back-off ends here. Its breaker keeps the service from being asked too often, so
    /// that listens may come soon after an outage, however long it was.
    private static let backOff = RetryPolicy(maxFailures: .max, baseSeconds: 10, capSeconds: 60)
    /// What was understood and refused will be refused again, and no breaker opens.
    private static let refusedBackOff = RetryPolicy(maxFailures: .max, baseSeconds: 10, capSeconds: 600)

    /// - Parameter run: 1 when this task was never begun before.
    func run(_ payload: SubmitListensPayload, run: Int) async throws -> ListensSubmittedOutcome {
        guard let target = targets.first(where: { $0.source == payload.target }), let vault else {
            throw Failure(
                .serviceUnavailable, "\(payload.target.title) is not configured where this was tried",
                retryAfterSeconds: Self.unknownTargetSeconds)
        }
        guard let connection = try await open(vault, payload) else {
            // Disconnected meanwhile: there is nothing to say, and nobody to say it for.
            return ListensSubmittedOutcome(accountID: payload.accountID, target: payload.target)
        }
        do {
            return try await send(payload, to: target, by: connection, isInDoubt: run > 1 || payload.inDoubt == true)
        } catch let failure as Failure where failure.reason == .signInAgain {
            var outcome = ListensSubmittedOutcome(
                accountID: payload.accountID, target: payload.target, connectedAt: connection.connectedAt)
            outcome.signInAgain = failure.message
            return outcome
        } catch let failure as Failure {
            throw Self.waiting(for: failure, run: run)
        }
    }

    private func open(_ vault: any CredentialVault, _ payload: SubmitListensPayload) async throws -> OpenedConnection? {
        do {
            return try await vault.opened(payload.target, account: payload.accountID)
        } catch StoreError.fatal(let why) {
            throw Failure(.serviceUnavailable, why, retryAfterSeconds: Self.closedVaultSeconds)
        }
    }

    private func send(
        _ payload: SubmitListensPayload, to target: any Target, by connection: OpenedConnection, isInDoubt: Bool
    ) async throws -> ListensSubmittedOutcome {
        var outcome = ListensSubmittedOutcome(
            accountID: payload.accountID, target: payload.target, connectedAt: connection.connectedAt)
        var waiting = payload.listens
        if isInDoubt {
            let arrived = try await arrived(waiting, at: target, connection)
            outcome.verdicts = waiting.filter { arrived.contains($0.id) }.map { .init(id: $0.id, state: .sent) }
            waiting.removeAll { arrived.contains($0.id) }
        }
        let answers = try await target.submit(waiting.map(\.listen), for: connection.account)
        var failure: Failure?
        for (item, answer) in zip(waiting, answers) {
            switch answer {
            case .accepted: outcome.verdicts.append(.init(id: item.id, state: .sent))
            case .ignored(let why): outcome.verdicts.append(.init(id: item.id, state: .ignored, detail: why))
            case .signInAgain(let why): outcome.signInAgain = why
            case .retry(let why): failure = failure ?? why
            }
        }
        guard let failure, outcome.signInAgain == nil else { return outcome }
        // What is known is written down at once, so that it is not asked again.
        guard !outcome.verdicts.isEmpty else { throw failure }
        outcome.retryAfterSeconds = max(Self.backOff.baseSeconds, failure.retryAfterSeconds ?? 0)
        return outcome
    }

    private func arrived(
        _ listens: [QueuedListen], at target: any Target, _ connection: OpenedConnection
    ) async throws -> Set<Int64> {
        let times = listens.map(\.listen.startedAt)
        guard let first = times.min(), let last = times.max() else { return [] }
        // A service that will not tell is believed to have nothing: to lose a listen is worse than to count one twice.
        let heard = try await target.listens(from: first, to: last, of: connection.account) ?? []
        return ArrivedListens.among(listens, in: heard)
    }

    /// Nothing that a service does buries the outbox: whatever it was, it is waited for.
    private static func waiting(for failure: Failure, run: Int) -> Failure {
        let law = failure.isTransient || failure.isPostponing ? backOff : refusedBackOff
        let seconds = law.delaySeconds(afterFailure: run, retryAfter: failure.retryAfterSeconds, unit: 1)
        return Failure(.serviceUnavailable, failure.message, retryAfterSeconds: seconds)
    }
}
