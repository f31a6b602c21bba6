import Domain
import UseCases

extension LastFM: ScrobbleTarget {
    package var batchLimit: Int { 50 }

    /// Tomorrow, as good as anybody can tell: the day ends somewhere.
    private static let dailyLimitSeconds: Double = 6 * 3600

    package func nowPlaying(_ listen: Listen, for account: ServiceAccount) async throws {
        _ = try await writeOrThrow(
            "track.updateNowPlaying", Self.fields(of: listen, suffix: ""), account, as: LastFMAnswers.Nothing.self)
    }

    package func love(_ listen: Listen, loved: Bool, for account: ServiceAccount) async throws {
        _ = try await writeOrThrow(
            loved ? "track.love" : "track.unlove", ["artist": listen.artist, "track": listen.title], account,
            as: LastFMAnswers.Nothing.self)
    }

    package func submit(_ listens: [Listen], for account: ServiceAccount) async throws -> [ListenVerdict] {
        precondition(listens.count <= batchLimit, "a batch has \(batchLimit) listens at most")
        guard !listens.isEmpty else { return [] }
        do {
            return Self.verdicts(try await scrobble(listens, account), count: listens.count)
        } catch LastFMProblem.absent(let words) {
            // One wrong parameter sinks the batch: which one is found by halves.
            guard listens.count > 1 else { return [.ignored(words)] }
            let middle = listens.count / 2
            let first = try await submit(Array(listens[..<middle]), for: account)
            // What one half has shown to be hopeless for now is so for the other.
            if let verdict = first.last, verdict.endsSubmission {
                return first + Array(repeating: verdict, count: listens.count - middle)
            }
            return try await first + submit(Array(listens[middle...]), for: account)
        } catch LastFMProblem.failure(let failure) {
            let verdict: ListenVerdict =
                failure.reason == .signInAgain ? .signInAgain(failure.message) : .retry(failure)
            return Array(repeating: verdict, count: listens.count)
        }
    }

    private func scrobble(
        _ listens: [Listen], _ account: ServiceAccount
    ) async throws -> LastFMAnswers.Scrobbles {
        var fields: [String: String] = [:]
        for (place, listen) in listens.enumerated() {
            let suffix = listens.count == 1 ? "" : "[\(place)]"
            fields.merge(Self.fields(of: listen, suffix: suffix)) { first, _ in first }
            fields["timestamp\(suffix)"] = "\(listen.startedAt)"
        }
        return try await write(
            "track.scrobble", fields, session: account.secret, isRepeatable: false, as: LastFMAnswers.Scrobbles.self)
    }

    private func writeOrThrow<Value: Decodable & Sendable>(
        _ method: String, _ fields: [String: String], _ account: ServiceAccount, as type: Value.Type
    ) async throws -> Value {
        do {
            return try await write(method, fields, session: account.secret, as: type)
        } catch let problem as LastFMProblem {
            throw problem.failure
        }
    }

    static func fields(of listen: Listen, suffix: String) -> [String: String] {
        let fields: [String: String?] = [
            "artist": listen.artist, "track": listen.title, "album": listen.album,
            // Only where it says something that the artist does not.
            "albumArtist": listen.albumArtist == listen.artist ? nil : listen.albumArtist,
            "trackNumber": listen.trackNumber.map(String.init), "mbid": listen.recordingID,
            "duration": listen.durationMs.map { String($0 / 1000) },
        ]
        return Dictionary(
            uniqueKeysWithValues: fields.compactMap { name, value in
                value.flatMap { $0.isEmpty ? nil : (name + suffix, $0) }
            })
    }

    /// In the order of the listens, as the answer is.
    static func verdicts(_ answer: LastFMAnswers.Scrobbles, count: Int) -> [ListenVerdict] {
        let scrobbles = answer.scrobbles.scrobble?.items ?? []
        if scrobbles.count == count { return scrobbles.map { verdict($0.ignoredMessage) } }
        let failure = Failure(.serviceError, "Last.fm answered \(scrobbles.count) verdicts for \(count) listens")
        // The sums may tell all the same that each was taken.
        let allTaken = answer.scrobbles.counts?.accepted?.count == count
        return Array(repeating: allTaken ? .accepted : .retry(failure), count: count)
    }

    private static func verdict(_ message: LastFMAnswers.Scrobbles.Ignored?) -> ListenVerdict {
        switch message?.code?.count ?? 0 {
        case 0: .accepted
        case 1: .ignored("Last.fm takes no plays of this artist")
        case 2: .ignored("Last.fm takes no plays of this track")
        case 3: .ignored("it was played too long ago for Last.fm")
        case 4: .ignored("it was played in the future, says Last.fm: check the clock of this machine")
        case 5:
            .retry(
                Failure(
                    .serviceUnavailable, "Last.fm takes no more plays today", retryAfterSeconds: dailyLimitSeconds))
        default: .ignored(message?.text?.value.map { String($0.prefix(300)) } ?? "Last.fm does not say why")
        }
    }
}

extension ListenVerdict {
    /// True when what comes after it has no chance either.
    var endsSubmission: Bool {
        switch self {
        case .accepted, .ignored: false
        case .retry, .signInAgain: true
        }
    }
}
