import Contracts
import Domain
import UseCases

extension ListenBrainz: ScrobbleTarget {
    package var batchLimit: Int { 1000 }

    private struct Feedback: Encodable {
        let recording_mbid: String
        let score: Int
    }

    package func nowPlaying(_ listen: Listen, for account: ServiceAccount) async throws {
        do {
            let json = try ListenBrainzListen(listen, isNow: true).json()
            try await send([json], as: "playing_now", account)
        } catch let refusal as ListenBrainzListen.Refusal {
            throw Failure(.serviceRefused, "ListenBrainz is not told of this: \(refusal.words)")
        }
    }

    /// Only what MusicBrainz knows can be loved there.
    package func love(_ listen: Listen, loved: Bool, for account: ServiceAccount) async throws {
        var recording = listen.recordingID.flatMap { MusicBrainzID($0)?.text }
        if recording == nil {
            let question = TrackQuestion(artist: listen.artist, title: listen.title, album: listen.album)
            recording = try await lookUp(question, token: Credential(account.secret.value))?.recording_mbid
        }
        guard let recording else {
            throw Failure(.serviceRefused, "MusicBrainz does not know \"\(listen.title)\", so it cannot be loved there")
        }
        let body = Array(ContractJSON.encode(Feedback(recording_mbid: recording, score: loved ? 1 : 0)).utf8)
        try await post("/feedback/recording-feedback", json: body, token: Credential(account.secret.value)) { answer in
            guard answer.status == 200 else { throw answer.refusal(of: .listenbrainz) }
        }
    }

    package func submit(_ listens: [Listen], for account: ServiceAccount) async throws -> [ListenVerdict] {
        precondition(listens.count <= batchLimit, "a batch has \(batchLimit) listens at most")
        var verdicts = [ListenVerdict?](repeating: nil, count: listens.count)
        var good: [(place: Int, json: String)] = []
        for (place, listen) in listens.enumerated() {
            do throws(ListenBrainzListen.Refusal) {
                good.append((place, try ListenBrainzListen(listen, isNow: false).json()))
            } catch {
                verdicts[place] = .ignored(error.words)
            }
        }
        for (item, verdict) in zip(good, try await submit(good.map(\.json), account)) { verdicts[item.place] = verdict }
        return verdicts.map { $0 ?? .retry(Failure(.internalError, "a listen was not looked at")) }
    }

    /// One that is refused takes all others with it, so which one is found by halves.
    private func submit(_ listens: [String], _ account: ServiceAccount) async throws -> [ListenVerdict] {
        guard !listens.isEmpty else { return [] }
        do {
            try await send(listens, as: listens.count == 1 ? "single" : "import", account)
            return listens.map { _ in .accepted }
        } catch let failure as Failure {
            guard failure.reason == .serviceRefused else {
                return listens.map { _ in
                    failure.reason == .signInAgain ? .signInAgain(failure.message) : .retry(failure)
                }
            }
            guard listens.count > 1 else { return [.ignored(failure.message)] }
            let middle = listens.count / 2
            let first = try await submit(Array(listens[..<middle]), account)
            if let verdict = first.last, verdict.endsSubmission {
                return first + listens[middle...].map { _ in verdict }
            }
            return try await first + submit(Array(listens[middle...]), account)
        }
    }

    /// `serviceRefused` only for what is wrong with the listens themselves.
    private func send(_ listens: [String], as type: String, _ account: ServiceAccount) async throws {
        let json = #"{"listen_type":"\#(type)","payload":[\#(listens.joined(separator: ","))]}"#
        try await post("/submit-listens", json: Array(json.utf8), token: Credential(account.secret.value)) { answer in
            switch answer.status {
            // A page of a proxy, say, is no receipt.
            case 200: _ = try answer.read(SubmitAnswer.self, of: .listenbrainz)
            case 401: throw answer.refusal(of: .listenbrainz)
            // In its own words; a page of a proxy refuses nothing, and what it stands before is asked again.
            case 400 where (try? answer.read(Refused.self, of: .listenbrainz)) != nil:  // another form is another's
                throw answer.refusal(of: .listenbrainz)
            default:
                throw Failure(
                    .serviceError, "ListenBrainz answered \(answer.status) to listens\(answer.shownText)")
            }
        }
    }

    private struct Refused: Decodable, Sendable {
        let code: Int
        let error: String
    }

    private struct SubmitAnswer: Decodable, Sendable {
        let status: String
    }

    private struct TokenAnswer: Decodable, Sendable {
        let valid: Bool
        let user_name: String?
    }

    /// Whose token it is; throws `signInAgain` for nobody's.
    package func account(token: HiddenText) async throws -> ServiceAccount {
        guard let credential = Credential(shown: token) else {
            throw Failure(.signInAgain, "that is no token of ListenBrainz")
        }
        let answer = try await get("/validate-token", [], token: credential, as: TokenAnswer.self)
        guard answer.valid, let name = answer.user_name else {
            throw Failure(.signInAgain, "ListenBrainz does not know this token")
        }
        return ServiceAccount(name: name, secret: token)
    }
}

extension ListenBrainzListen.Refusal {
    var words: String {
        switch self {
        case .because(let words): words
        }
    }
}

extension Credential {
    /// Nil for what cannot stand in a header.
    init?(shown text: HiddenText) {
        guard !text.value.isEmpty, text.value.utf8.count <= 4096,
            text.value.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.init(text.value)
    }
}
