import Contracts
import Domain
import HTTPTypes
import UseCases

/// `/v1/roots`
struct RootRoutes: Sendable {
    let services: APIServices

    private static let path = BodyField(
        "path", Scalar<FilePath>.folder, isRequired: true, "An existing folder; symbolic links are followed.")

    var routes: [Route] {
        [
            .json(
                .get, "/v1/roots", "listRoots", "List the library roots", access: .admin,
                answer: Shape<LibraryRoot>.root.page("RootPage"), "All roots."
            ) { _ in .whole(try await services.scans.libraryRoots().map(LibraryRoot.init)) },
            .json(
                .post, "/v1/roots", "addRoot", "Add a library root", access: .admin,
                body: BodySpec("NewRoot", [.init(Self.path)]), status: .created, answer: .root, "The root.",
                problems: [.conflict, .insufficientStorage]
            ) { request in
                let path = try request.body.require(Self.path)
                return LibraryRoot(path: try await Self.add(path, services: services))
            },
        ]
    }

    /// Makes a folder a library root; answers its path without symbolic links.
    static func add(_ path: FilePath, services: APIServices) async throws -> FilePath {
        guard let folder = services.folder(path) else {
            throw Problem.invalid("path: there is no folder \"\(path.display)\" here")
        }
        try await services.scans.addLibraryRoot(folder)
        return folder
    }
}
