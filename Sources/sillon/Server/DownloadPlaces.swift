import Domain
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
        let known = try await scans.libraryRoots() + music
        let root = try folders.checked(beside: known).root
        if !known.contains(where: { $0.contains(root) }) { try await scans.addLibraryRoot(root) }
        return root
    }
}

extension DownloadSettings.Folders {
    /// Without symbolic links: files are opened below them without following any.
    /// - Parameter roots: of the library. Nothing may be moved out of one, and none may lie in another.
    /// Throws `misconfigured` for what cannot be used.
    func checked(beside roots: [FilePath]) throws(CommandError) -> Self {
        let real = at(
            try FolderCheck.usable(sourceName, source, isWritten: true),
            try FolderCheck.usable(rootName, root, isWritten: true))
        try real.checkApart()
        if let music = roots.first(where: { $0.contains(real.source) || real.source.contains($0) }) {
            throw .misconfigured(
                "\(sourceName) \(real.source.display) and the library root \(music.display) overlap: files are moved "
                    + "away from there")
        }
        let isWithin = roots.contains { $0.contains(real.root) }
        if !isWithin, let inner = roots.first(where: real.root.contains) {
            throw .misconfigured(
                "\(rootName) \(real.root.display) holds the library root \(inner.display): name that folder, one in it, "
                    + "or one beside it")
        }
        return real
    }
}
