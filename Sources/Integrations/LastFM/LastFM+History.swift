import Domain
import UseCases

extension LastFM: ListenHistory {
    private static let historyPageItems = 200
    /// More than any batch spans, unless somebody else scrobbles without end.
    private static let historyPagesMax = 25

    struct RecentAnswer: Decodable, Sendable {
        struct Play: Decodable, Sendable {
            struct Artist: Decodable, Sendable {
                let text: LooseText?
                let name: LooseText?

                enum CodingKeys: String, CodingKey {
                    case name
                    case text = "#text"
                }
            }

            struct Moment: Decodable, Sendable { let uts: LooseNumber? }

            let name: LooseText?
            let artist: Lenient<Artist>?
            /// Absent for what plays now.
            let date: Lenient<Moment>?
        }

        struct Facts: Decodable, Sendable { let totalPages: LooseNumber? }

        struct Plays: Decodable, Sendable {
            let track: LooseList<Play>?
            let facts: Lenient<Facts>?

            enum CodingKeys: String, CodingKey {
                case track
                case facts = "@attr"
            }
        }

        let recenttracks: Plays
    }

    /// `user.getRecentTracks`. A profile whose plays are hidden is not told of (error 17).
    package func listens(from: Int64, to: Int64, of account: ServiceAccount) async throws -> [HeardListen]? {
        var found: [HeardListen] = []
        for page in 1...Self.historyPagesMax {
            let answer: RecentAnswer?
            do {
                answer = try await read(
                    "user.getRecentTracks",
                    [
                        ("user", account.name), ("from", "\(from - 1)"), ("to", "\(to + 1)"),
                        ("limit", "\(Self.historyPageItems)"), ("page", "\(page)"),
                    ], as: RecentAnswer.self)
            } catch let failure as Failure where failure.reason == .serviceRefused {
                return nil
            }
            guard let plays = answer?.recenttracks else { return nil }
            found += (plays.track?.items ?? []).compactMap(Self.heard).filter { (from...to).contains($0.startedAt) }
            if page >= plays.facts?.value?.totalPages?.count ?? 1 { break }
        }
        return found
    }

    private static func heard(_ play: RecentAnswer.Play) -> HeardListen? {
        guard let time = play.date?.value?.uts?.count else { return nil }
        let artist = play.artist?.value
        return HeardListen(
            startedAt: Int64(time), artist: artist?.text?.value ?? artist?.name?.value ?? "",
            title: play.name?.value ?? "")
    }
}
