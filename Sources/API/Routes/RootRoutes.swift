import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/roots`
struct RootRoutes: Sendable {
    let services: APIServices

    private static let path = BodyField(
        "path", Scalar<FilePath>.folder, isRequired: true, "An existing folder; symbolic links are followed.")
    private static let watch = BodyField(
        "watch", Scalar<Bool>.flag, "Look for changes as they happen. True for a new root when absent.")
    private static let schedule = BodyField(
        "schedule", Scalar<ScanSchedule>.schedule,
        "When the whole root is scanned by itself. auto for a new root when absent: seldom while a watcher sees every "
            + "change, often while none does. Times are those of the server's clock on the wall.")

    private static let problems: [HTTPResponse.Status] = [.conflict, .insufficientStorage]

    var routes: [Route] { [list, add, show, change, remove] }

    private var list: Route {
        .json(
            .get, "/v1/roots", "listRoots", "List the library roots", access: .admin,
            answer: Shape<LibraryRoot>.root.page("RootPage"), "All roots, by path."
        ) { _ in .whole(try await services.libraryRoots()) }
    }

    private var add: Route {
        .json(
            .post, "/v1/roots", "addRoot", "Add a library root", access: .admin,
            body: BodySpec("NewRoot", [.init(Self.path), .init(Self.watch), .init(Self.schedule)]),
            status: .created, answer: .root,
            "The root, which may have been there; settings that were given are its own.",
            location: { "/v1/roots/\($0.status.id)" }, problems: Self.problems
        ) { request in
            let path = try request.body.require(Self.path)
            let change = try Self.change(request.body)
            let folder = try await Self.add(path, services: services)
            guard let root = try await services.scans.rootUpkeeps().first(where: { $0.path == folder }) else {
                throw StoreError.conflict("the root was removed at once")
            }
            return try await apply(change, to: root)
        }
    }

    private var show: Route {
        .json(
            .get, "/v1/roots/{id}", "getRoot", "Show a library root", access: .admin,
            parameters: [ParameterSpec(.id)], answer: .root, "The root."
        ) { request in
            services.libraryRoot(try await services.scans.libraryRootStatus(id: request.require(.id)))
        }
    }

    private var change: Route {
        .json(
            .patch, "/v1/roots/{id}", "changeRoot", "Change how a library root is kept up to date", access: .admin,
            parameters: [ParameterSpec(.id)], body: BodySpec("RootChange", [.init(Self.watch), .init(Self.schedule)]),
            answer: .root, "The root as it is now.", problems: Self.problems
        ) { request in
            let id = try request.require(.id)
            let change = try Self.change(request.body)
            guard let root = try await services.scans.rootUpkeeps().first(where: { $0.id == id }) else {
                throw StoreError.notFound("there is no library root \(id)")
            }
            return try await apply(change, to: root)
        }
    }

    private var remove: Route {
        Route(
            .delete, "/v1/roots/{id}", "removeRoot",
            "Remove a library root; its tracks stay as missing, and no file is touched", access: .admin,
            parameters: [ParameterSpec(.id)],
            answers: [
                .init(
                    status: .noContent,
                    description: "It is no library root any more. Its scans are cancelled, its tracks are missing, and "
                        + "are what they were once the folder is added and scanned again.",
                    content: [:])
            ],
            problems: Self.problems
        ) { request in
            try await services.scans.removeLibraryRoot(id: try request.require(.id))
            return Response(status: .noContent)
        }.waiting()
    }

    /// What a request wants to be other than it is.
    private struct UpkeepChange {
        let watches: Bool?
        let schedule: ScanSchedule?
    }

    private static func change(_ body: Body) throws(Problem) -> UpkeepChange {
        UpkeepChange(watches: try body.optional(watch), schedule: try body.optional(schedule))
    }

    private func apply(_ change: UpkeepChange, to root: KeptRoot) async throws -> LibraryRoot {
        let wanted = RootUpkeep(
            watches: change.watches ?? root.upkeep.watches, schedule: change.schedule ?? root.upkeep.schedule)
        if wanted != root.upkeep { try await services.scans.setUpkeep(wanted, ofRoot: root.id) }
        return services.libraryRoot(try await services.scans.libraryRootStatus(id: root.id))
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

extension Scalar where Value == ScanSchedule {
    static let schedule = Scalar(
        schema: [
            "type": "string", "pattern": "^(auto|off|every [0-9]{1,6}[mhd]|daily ([01][0-9]|2[0-3]):[0-5][0-9])$",
        ],
        expectation: ScanSchedule.syntax
    ) {
        guard case .string(let text) = $0 else { return nil }
        return ScanSchedule(text)
    }
}
