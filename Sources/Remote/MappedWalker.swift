import Domain
import UseCases

/// Walks this device's mapped copy of a folder and reports it under the server's names.
package struct MappedWalker: FolderWalker {
    private let map: PathMap
    private let walker: any FolderWalker

    package init(_ map: PathMap, walker: any FolderWalker) {
        self.map = map
        self.walker = walker
    }

    package func walk(
        _ scope: FilePath, within root: FilePath, isShallow: Bool, visit: (FolderListing) async throws -> Void,
        problem: (WalkProblem) -> Void
    ) async throws {
        guard let place = map.locate(scope, beneath: root) else {
            // Not `rootUnavailable`, which would end the scan: another worker may well reach the folder.
            throw Failure(.ioError, "\"\(scope.display)\" is not mapped on this device (--map)")
        }
        try await walker.walk(place.path, within: place.root, isShallow: isShallow) { listing in
            guard let path = place.rule.toServer(listing.path) else { return }
            try await visit(
                FolderListing(
                    path: path, files: listing.files, playlists: listing.playlists, cuts: listing.cuts))
        } problem: { found in
            guard let path = place.rule.toServer(found.path) else { return }
            problem(WalkProblem(path: path, message: found.message, isIgnored: found.isIgnored))
        }
    }

    /// A path that is not mapped here says nothing.
    package func gone(among paths: [FilePath]) async -> [FilePath] {
        let mapped = paths.compactMap { path in
            map.locate(path, beneath: path).map { (local: $0.path, server: path) }
        }
        let gone = Set(await walker.gone(among: mapped.map(\.local)))
        return mapped.filter { gone.contains($0.local) }.map(\.server)
    }
}
