import Contracts
import Domain
import UseCases

extension Slskd: DownloadSource {
    package var source: ServiceID { .slskd }

    /// Milliseconds after the last response, after which Soulseek ends a search.
    private static let searchTimeoutMs = 10_000
    private static let responsesMax = 250
    private static let filesMax = 10_000
    private static let pollSeconds: Double = 1
    /// A search that goes on for longer is stopped, and what it has found by then counts.
    private static let pollsMax = 60
    /// Whoever runs slskd has to sign in to Soulseek.
    private static let awaySeconds: Double = 60

    private struct SearchBody: Encodable {
        let id: String
        let searchText: String
        let searchTimeout = Slskd.searchTimeoutMs
        let responseLimit = Slskd.responsesMax
        let fileLimit = Slskd.filesMax
        let filterResponses = true
    }

    package func search(_ question: DownloadQuestion) async throws -> [DownloadOffer] {
        let text = Self.searchText(question)
        guard !text.isEmpty else { return [] }
        let id = newID()
        try await begin(SearchBody(id: id, searchText: text))
        do {
            try await follow(id)
            let responses =
                try await get(
                    "/searches/\(id)/responses", as: LooseList<SlskdAnswers.Response>.self)?.items ?? []
            await forget(id)
            return OfferRanking.ranked(responses.flatMap(Self.offers), for: question)
        } catch {
            await forget(id)
            throw error
        }
    }

    private func begin(_ body: SearchBody) async throws {
        // The same id again would be refused: when the answer is lost, the search is begun anew later.
        try await send(.post, "/searches", json: ContractJSON.encode(body), isRepeatable: false) { answer in
            switch answer.status {
            case 200, 201: _ = try answer.read(SlskdAnswers.Search.self, of: .slskd)
            case 409:
                throw Failure(
                    .serviceUnavailable, "slskd is not connected to Soulseek\(Self.words(answer))",
                    retryAfterSeconds: Self.awaySeconds)
            default: throw Self.refusal(answer)
            }
        }
    }

    private func follow(_ id: String) async throws {
        for _ in 0..<Self.pollsMax {
            let search = try await get(
                "/searches/\(id)", query: [("includeResponses", "false")], as: SlskdAnswers.Search.self)
            guard let search else { throw Failure(.serviceError, "slskd has forgotten the search that it began") }
            if search.isComplete == true || search.state?.hasPrefix("Completed") == true { return }
            try await clock.sleep(Self.pollSeconds)
        }
        try await send(.put, "/searches/\(id)") { _ in }
    }

    /// slskd forgets it by itself after some days, so that failing to say so is no matter.
    private func forget(_ id: String) async {
        try? await send(.delete, "/searches/\(id)") { _ in }  // see above
    }

    /// Words of letters and digits; Soulseek takes others for commands.
    static func searchText(_ question: DownloadQuestion) -> String {
        let words = "\(question.artist) \(question.title)".split { !$0.isLetter && !$0.isNumber && $0 != "'" }
        return words.prefix(20).joined(separator: " ")
    }

    static func offers(_ response: SlskdAnswers.Response) -> [DownloadOffer] {
        (response.files?.items ?? []).compactMap { file in
            guard file.isLocked != true, let size = file.size?.value.flatMap({ Int64(exactly: $0) }), size > 0 else {
                return nil
            }
            return DownloadOffer(
                peer: response.username, fileName: file.filename, sizeBytes: size, bitrateKbps: file.bitRate?.amount,
                sampleRate: file.sampleRate?.amount, bitsPerSample: file.bitDepth?.amount,
                durationMs: file.length?.amount.flatMap { $0 < 1_000_000 ? $0 * 1000 : nil },
                hasFreeSlot: response.hasFreeUploadSlot ?? false, queueLength: response.queueLength?.count ?? 0,
                uploadSpeed: response.uploadSpeed?.count ?? 0)
        }
    }
}
