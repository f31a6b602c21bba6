import Domain
import Glibc
import Persistence
import UseCases

/// The folders that downloads come from and go to, looked at before anybody is asked for anything.
struct DownloadPlaces: Sendable {
    private let scans: any ScanStore

    init(_ services: Services) {
        scans = services.stores.scans
    }

    /// Makes the place of downloads a library root, unless it lies in one: what is fetched is served and scanned as all
    /// other music.
    /// - Parameter music: folders that are to become library roots.
    /// Answers that place; nil where nothing is downloaded. Throws `misconfigured` for a folder that cannot be used.
    @discardableResult
    func prepare(_ folders: DownloadSettings.Folders?, music: [FilePath] = []) async throws -> FilePath? {
        guard let folders else { return nil }
        let root = try Self.usable("SILLON_DOWNLOAD_ROOT", folders.root)
        let source = try Self.usable("SILLON_SLSKD_DOWNLOADS", folders.source)
        try DownloadSettings.Folders.checkApart(source: source, root: root)
        let known = try await scans.libraryRoots() + music
        if let music = known.first(where: { $0.contains(source) || source.contains($0) }) {
            throw CommandError.misconfigured(
                "SILLON_SLSKD_DOWNLOADS \(source.display) and the library root \(music.display) overlap: files are moved "
                    + "away from there")
        }
        if known.contains(where: { $0.contains(root) }) { return root }
        if let inner = known.first(where: root.contains) {
            throw CommandError.misconfigured(
                "SILLON_DOWNLOAD_ROOT \(root.display) holds the library root \(inner.display): name that folder, one in "
                    + "it, or one beside it")
        }
        try await scans.addLibraryRoot(root)
        return root
    }

    /// Without symbolic links: files are opened below it without following any.
    static func usable(_ name: String, _ path: FilePath) throws(CommandError) -> FilePath {
        guard let real = FolderCheck.realPath(path.bytes) else {
            throw .misconfigured("\(name) \(path.display): \(SystemMessage.last)")
        }
        guard FolderCheck.isDirectory(real) else {
            throw .misconfigured("\(name) \(path.display) is no folder that this user may read")
        }
        guard access(real.display, R_OK | W_OK | X_OK) == 0 else {
            throw .misconfigured("\(name) \(path.display) cannot be written to: \(SystemMessage.last)")
        }
        return real
    }
}
