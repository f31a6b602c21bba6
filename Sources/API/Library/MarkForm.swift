import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// Star and rating of a track, an album or an artist.
struct MarkForm: Sendable {
    let services: APIServices

    private static let kind = BodyField(
        "kind", Scalar<MarkKind>.choice, isRequired: true, "What is marked.")
    private static let id = BodyField("id", .text(1...20), isRequired: true, "Which one.")
    private static let star = BodyField("star", Scalar<Star>.choice, "on or off.")
    private static let rating = BodyField("rating", .text(1...1), "1 to 5; 0 takes the rating away.")

    enum Star: String, CaseIterable, Sendable {
        case on, off
    }

    var routes: [Route] {
        [
            Route(
                .post, "/library/marks", "markOnPage", "Star or rate something, from a page", access: .user,
                body: BodySpec(
                    "MarkOnPage", as: .form,
                    [.init(Self.kind), .init(Self.id), .init(Self.star), .init(Self.rating), .init(Body.csrf)]),
                bodyLimit: Body.maxFormBytes, answers: [Route.redirect],
                problems: [.notFound, .conflict, .insufficientStorage]
            ) { request in
                let subject = try Self.subject(request.body)
                try await mark(subject, request.body, account: request.account())
                return .seeOther(subject.page)
            }.asPage()
        ]
    }

    private static func subject(_ body: Body) throws(Problem) -> MarkSubject {
        guard let id = Int64(try body.require(id)), id > 0 else { throw .invalid("id must be a positive integer") }
        switch try body.require(kind) {
        case .track: return .track(id)
        case .album: return .album(id)
        case .artist: return .artist(id)
        }
    }

    private func mark(_ subject: MarkSubject, _ body: Body, account: Int64) async throws {
        switch try body.optional(Self.star) {
        case .on: try await services.listening.star(subject, account: account)
        case .off: try await services.listening.unstar(subject, account: account)
        case nil: break
        }
        guard let text = try body.optional(Self.rating) else { return }
        guard let rating = Int(text), (0...Mark.ratings.upperBound).contains(rating) else {
            throw Problem.invalid("rating must be an integer from 0 to \(Mark.ratings.upperBound)")
        }
        try await services.listening.rate(subject, rating == 0 ? nil : rating, account: account)
    }

    // MARK: How it looks

    static func html(_ request: APIRequest, _ subject: MarkSubject, _ mark: Mark?) -> HTML {
        let isStarred = mark?.starredAt != nil
        return request.form("/library/marks", class: "marks") {
            HTML.hidden("kind", subject.kind.rawValue)
            HTML.hidden("id", "\(subject.id)")
            button("star", isStarred ? "off" : "on", isStarred ? "★ Starred" : "☆ Star", isPressed: isStarred)
            HTML(.span, .named("rating"), .init(.role, "group"), .init(.ariaLabel, "Rating")) {
                for value in Mark.ratings { point(value, of: mark?.rating) }
            }
        }
    }

    /// The one that is chosen takes the rating away.
    private static func point(_ value: Int, of rating: Int?) -> HTML {
        let isChosen = value == rating
        return HTML(
            .button, .init(.type, "submit"), .named(value <= rating ?? 0 ? "plain lit" : "plain"),
            .init(.name, "rating"), .init(.value, isChosen ? "0" : "\(value)"),
            .init(.ariaLabel, isChosen ? "Take the rating of \(value) away" : "Rate \(value) of 5"),
            .init(.ariaPressed, isChosen ? "true" : "false")
        ) { "●" }
    }

    private static func button(_ name: String, _ value: String, _ text: String, isPressed: Bool) -> HTML {
        HTML(
            .button, .init(.type, "submit"), .named("quiet"), .init(.name, name), .init(.value, value),
            .init(.ariaPressed, isPressed ? "true" : "false")
        ) { text }
    }
}

extension MarkSubject {
    fileprivate var page: LocalPath {
        switch self {
        case .track(let id): .track(id)
        case .album(let id): .album(id)
        case .artist(let id): .artist(id)
        }
    }
}
