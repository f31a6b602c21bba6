import Domain
import Foundation
import UseCases

extension ListenBrainz: ListenHistory {
    private static let historyPageItems = 1000
    private static let historyPagesMax = 25

    struct HistoryAnswer: Decodable, Sendable {
        struct Heard: Decodable, Sendable {
            struct Track: Decodable, Sendable {
                let artist_name: LooseText?
                let track_name: LooseText?
            }

            let listened_at: LooseNumber?
            let track_metadata: Track
        }

        struct Payload: Decodable, Sendable { let listens: LooseList<Heard> }

        let payload: Payload
    }

    /// `/user/{name}/listens`, upwards from the first: a page ends where it is full.
    package func listens(from: Int64, to: Int64, of account: ServiceAccount) async throws -> [HeardListen]? {
        var found: Set<HeardListen> = []
        var start = from - 1
        let path = "/user/\(FormEncoding.escape(account.name))/listens"
        for _ in 0..<Self.historyPagesMax {
            let answer: HistoryAnswer
            do {
                answer = try await get(
                    path, [("min_ts", "\(start)"), ("count", "\(Self.historyPageItems)")],
                    token: Credential(account.secret.value), as: HistoryAnswer.self)
            } catch let failure as Failure where failure.reason == .serviceRefused {
                return nil
            }
            let page = answer.payload.listens.items.compactMap(Self.heard)
            found.formUnion(page.filter { (from...to).contains($0.startedAt) })
            guard let last = page.map(\.startedAt).max(), page.count >= Self.historyPageItems, last < to else { break }
            // The last second may go on on the next page.
            start = max(start + 1, last - 1)
        }
        return Array(found)
    }

    private static func heard(_ listen: HistoryAnswer.Heard) -> HeardListen? {
        guard let time = listen.listened_at?.count else { return nil }
        return HeardListen(
            startedAt: Int64(time), artist: listen.track_metadata.artist_name?.value ?? "",
            title: listen.track_metadata.track_name?.value ?? "")
    }
}
