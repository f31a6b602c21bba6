import Contracts
import Domain

/// Asks the services outside what they know of a track, an album or an artist.
struct Enrich: Sendable {
    let sources: [any MetadataSource]
    let clock: MicrosecondClock
    /// A random number in 0..<1.
    let unit: @Sendable () -> Double

    /// Another worker may have the service, or this one after its next start.
    private static let unknownSourcePauseSeconds: Double = 6 * 3600

    /// Others may be well, and wait for this slot.
    private static let longestWaitSeconds: Double = 600

    /// Throws when nobody could be asked: the failure that lasts shortest.
    /// - Parameter run: 1 when this task was never begun before.
    func run(_ payload: EnrichPayload, run: Int) async throws -> EnrichedOutcome {
        guard let subject = payload.subject else { throw Failure(.invalidPayload, "names is missing") }
        guard subject.kind == payload.kind else { throw Failure(.invalidPayload, "names are of another kind") }
        var findings: [OutsideFinding] = []
        var waiting: [(source: ServiceID, failure: Failure)] = []
        for source in try wanted(payload) {
            do {
                findings.append(finding(source, try await source.facts(of: subject)))
            } catch let failure as Failure {
                switch failure.reason {
                // It understood, and has nothing for this.
                case .serviceRefused: findings.append(finding(source, nil))
                default: waiting.append((source.source, failure))
                }
            }
        }
        if findings.isEmpty, let failure = Self.shortest(waiting.map(\.failure)) {
            throw failure.waiting(longerWith: run, capSeconds: Self.longestWaitSeconds)
        }
        return EnrichedOutcome(
            kind: payload.kind, id: payload.id, findings: findings, waiting: waiting.map(\.source))
    }

    private func wanted(_ payload: EnrichPayload) throws(Failure) -> [any MetadataSource] {
        let able = sources.filter { $0.kinds.contains(payload.kind) }
        guard let named = payload.sources else { return able }
        let wanted = able.filter { named.contains($0.source) }
        if wanted.isEmpty, let first = named.first {
            throw Failure(
                .serviceUnavailable, "\(first.title) is not set up where this was tried",
                retryAfterSeconds: Self.unknownSourcePauseSeconds)
        }
        return wanted
    }

    private func finding(_ source: any MetadataSource, _ facts: OutsideFacts?) -> OutsideFinding {
        OutsideFinding(
            source: source.source, language: source.language, facts: facts?.bounded(), fetchedAt: clock(),
            ttlSeconds: OutsideFinding.ttlSeconds(isFound: facts != nil, unit: unit()))
    }

    /// What passes by itself before what charges an attempt.
    private static func shortest(_ failures: [Failure]) -> Failure? {
        failures.min { left, right in
            if left.isPostponing != right.isPostponing { return left.isPostponing }
            return (left.retryAfterSeconds ?? 0) < (right.retryAfterSeconds ?? 0)
        }
    }
}
