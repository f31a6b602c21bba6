import Contracts
import Domain
import HTTPTypes
import UseCases

/// `POST /v1/tracks/{id}/refresh`, and the same for albums and artists.
struct EnrichmentRoutes: Sendable {
    let services: APIServices

    static let enrich = Parameter(
        "enrich", Scalar<Bool>.flag,
        "true: services outside are asked, before what a scan wants of them, if what they said is missing or old. The "
            + "answer does not wait for them.")

    var routes: [Route] { OutsideSubject.Kind.allCases.map(refresh) }

    private func refresh(_ kind: OutsideSubject.Kind) -> Route {
        let name = kind.rawValue
        return .json(
            .post, "/v1/\(name)s/{id}/refresh", "refresh\(name.prefix(1).uppercased())\(name.dropFirst())",
            "Ask services outside anew",
            access: .user, parameters: [ParameterSpec(.id)], status: .accepted, answer: .acceptedTask,
            "The task that asks them, before what a scan wants of them.", location: { "/v1/tasks/\($0.id)" },
            problems: [.conflict, .insufficientStorage]
        ) { request in
            let id = try request.require(.id)
            guard let enrichment = services.enrichment else { throw Problem(.conflict, "this server asks no services") }
            try await expect(kind, id)
            guard let task = try await enrichment.enrich(kind, id: id, refresh: true, priority: .high) else {
                throw Problem(.conflict, "no service is set up that could be asked, or there is no name to ask by")
            }
            return task
        }
    }

    /// Throws when there is no such thing.
    private func expect(_ kind: OutsideSubject.Kind, _ id: Int64) async throws {
        switch kind {
        case .track: _ = try await services.catalogue.track(id: id)
        case .album: _ = try await services.catalogue.album(id: id)
        case .artist: _ = try await services.catalogue.artist(id: id)
        }
    }
}

extension APIServices {
    /// What services outside said; with `enrich`, they are asked what is missing.
    func findings(
        of kind: OutsideSubject.Kind, _ id: Int64, _ request: APIRequest
    ) async throws -> [OutsideFinding] {
        guard let enrichment else { return [] }
        if try request.optional(EnrichmentRoutes.enrich) == true {
            _ = try await enrichment.enrich(kind, id: id, refresh: false, priority: .high)
        }
        return try await enrichment.findings(of: kind, id: id)
    }
}
