import Domain
import HTTPTypes
import UseCases

/// What sounds like a track, how much, and why.
struct SimilarBox: Sendable {
    let services: APIServices

    private static let limit = 12
    /// A page does not wait for longer: right after the start, vectors are being read.
    private static let patience = Duration.seconds(3)
    private static let maxOverdue = 16
    private let deadline = Deadline(maxOverdue: SimilarBox.maxOverdue)

    init(services: APIServices) {
        self.services = services
    }

    func html(of track: Track, _ request: APIRequest) async throws -> HTML {
        let content: HTML
        do {
            content = list(try await found(track.id, request))
        } catch let problem as SimilarityProblem {
            content = HTML(.p) { "\(Problem(problem).detail.titled)." }
        } catch let problem as Problem where problem.status == .serviceUnavailable {
            content = HTML(.p) { "The vectors are being read; reload the page in a moment." }
        }
        return HTML(.section, .named("box"), .id("similar"), .init(.ariaLabel, "Sounds like this")) {
            HTML(.h2) { "Sounds like this" }
            content
        }
    }

    private func found(_ id: Int64, _ request: APIRequest) async throws -> [SimilarTrack] {
        let question = SimilarQuestion(SimilarityTarget(plus: [.track(id)]), limit: Self.limit)
        let services = services
        let found = try await deadline.run(within: Self.patience) {
            try await services.similarity.similar(question)
        }
        return try await services.marked(found, at: \.track, for: request)
    }

    private func list(_ found: [SimilarTrack]) -> HTML {
        guard !found.isEmpty else { return HTML(.p) { "Nothing else was heard yet." } }
        let notes = Dictionary(found.map { ($0.track.id, note($0)) }) { first, _ in first }
        return TrackList(tracks: found.map(\.track), note: { notes[$0.id] }).html
            + HTML.hint("100 % is the same sound; the rest says which sides of it differ most.")
    }

    private func note(_ similar: SimilarTrack) -> HTML {
        let likeness = HTML(.strong) { Amount.percent(similar.score) }
        guard let differences = similar.why.shares.map(Self.differences) else { return likeness }
        return likeness + HTML(text: " · differs in \(differences)")
    }

    /// The two sides that the most of the distance comes from: `rhythm 62 %, timbre 30 %`.
    static func differences(_ shares: SoundShares) -> String {
        let sides = [
            ("timbre", shares.timbre), ("rhythm", shares.rhythm), ("tonality", shares.tonality),
            ("course of loudness", shares.loudness),
        ]
        return sides.sorted { $0.1 > $1.1 }.prefix(2).map { "\($0.0) \(Amount.percent($0.1))" }.joined(separator: ", ")
    }
}
