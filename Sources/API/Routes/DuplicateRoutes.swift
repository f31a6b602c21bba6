import Domain
import HTTPTypes
import UseCases

/// What is there more than once: `/v1/duplicates` and `/v1/tracks/{id}/duplicates`
struct DuplicateRoutes: Sendable {
    let services: APIServices

    var routes: [Route] { [list, ofTrack] }

    private var list: Route {
        .json(
            .get, "/v1/duplicates", "listDuplicates", "List recordings that are there more than once", access: .user,
            parameters: .paging, answer: .duplicates,
            "One page of groups. Nothing is ever merged or deleted: what to do is up to the reader."
        ) { request in
            let page = try request.page()
            return try await Problem.listing { try await services.duplicates.groups(page) }
        }
    }

    private var ofTrack: Route {
        .json(
            .get, "/v1/tracks/{id}/duplicates", "trackDuplicates", "Find other files of a track's recording",
            access: .user, parameters: [ParameterSpec(.id)], answer: .duplicateGroup,
            "All files of the recording, this one among them; it is alone when there is no other.",
            problems: [.conflict]
        ) { try await services.duplicates.group(ofTrack: $0.require(.id)) }
    }
}
