import Domain
import UseCases

/// Stars and ratings.
struct SubsonicMarks: Sendable {
    let services: APIServices

    /// Of one call: one write.
    private static let maxSubjects = 500

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("star") { call in
                try await services.listening.star(subjects(call.parameters), account: call.account().id)
                return .nothing
            },
            SubsonicMethod("unstar") { call in
                try await services.listening.unstar(subjects(call.parameters), account: call.account().id)
                return .nothing
            },
            SubsonicMethod("setRating", required: ["id", "rating"]) { call in
                guard let rating = try call.parameters.integer("rating"), rating <= Mark.ratings.upperBound else {
                    throw SubsonicError.invalid("rating", "an integer from 0 to \(Mark.ratings.upperBound)")
                }
                let subject = try Self.subject(call.parameters.id())
                try await services.listening.rate(subject, rating == 0 ? nil : Int(rating), account: call.account().id)
                return .nothing
            },
        ]
    }

    /// `id` names songs, and albums and artists too: for players that know them as folders, they are folders.
    private func subjects(_ parameters: SubsonicParameters) throws(SubsonicError) -> [MarkSubject] {
        let texts = ["id", "albumId", "artistId"].flatMap(parameters.list)
        guard !texts.isEmpty else { throw .missing("id, albumId or artistId") }
        guard texts.count <= Self.maxSubjects else {
            throw SubsonicError(.generic, "more than \(Self.maxSubjects) ids")
        }
        var subjects: [MarkSubject] = []
        for text in texts {
            guard let id = SubsonicID(text) else { throw .notFound }
            let subject = try Self.subject(id)
            if !subjects.contains(subject) { subjects.append(subject) }
        }
        return subjects
    }

    private static func subject(_ id: SubsonicID) throws(SubsonicError) -> MarkSubject {
        switch id {
        case .track(let id): return .track(id)
        case .album(let id): return .album(id)
        case .artist(let id): return .artist(id)
        case .playlist, .folder, .cover: throw .notFound
        }
    }
}
