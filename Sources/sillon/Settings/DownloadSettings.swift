import Domain
import Files
import Foundation

/// The variables SILLON_SLSKD_DOWNLOADS, SILLON_DOWNLOAD_ROOT and SILLON_DOWNLOAD_TEMPLATE: from where to where downloads go.
struct DownloadSettings: Sendable {
    /// Where slskd leaves its finished files, as this machine sees that folder, and where in the library they go. Nil
    /// where nothing is downloaded.
    struct Folders: Hashable, Sendable {
        let source: FilePath
        let root: FilePath

        /// Without symbolic links, where that can be told.
        var real: Folders {
            Folders(
                source: FolderCheck.realPath(source.bytes) ?? source, root: FolderCheck.realPath(root.bytes) ?? root)
        }

        static func checkApart(source: FilePath, root: FilePath) throws(CommandError) {
            guard !source.contains(root), !root.contains(source) else {
                throw .misconfigured(
                    "SILLON_SLSKD_DOWNLOADS and SILLON_DOWNLOAD_ROOT overlap: what is half received would be scanned")
            }
        }
    }

    let folders: Folders?
    let naming: LibraryName
    /// Of `naming`, as it was written.
    let template: String

    init(_ environment: Environment) throws(CommandError) {
        template = environment["SILLON_DOWNLOAD_TEMPLATE"] ?? LibraryName.defaultTemplate
        guard let naming = LibraryName(template: template) else {
            let fields = LibraryName.Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
            throw .misconfigured(
                "SILLON_DOWNLOAD_TEMPLATE is a path such as \(LibraryName.defaultTemplate), made of \(fields), "
                    + "and not \"\(template)\"")
        }
        self.naming = naming
        folders = try Self.folders(environment)
    }

    private static func folders(_ environment: Environment) throws(CommandError) -> Folders? {
        let source = try folder("SILLON_SLSKD_DOWNLOADS", environment)
        let root = try folder("SILLON_DOWNLOAD_ROOT", environment)
        guard let root else { return nil }
        guard let source else {
            throw .misconfigured("SILLON_DOWNLOAD_ROOT needs SILLON_SLSKD_DOWNLOADS: where slskd leaves its files")
        }
        try Folders.checkApart(source: source, root: root)
        return Folders(source: source, root: root)
    }

    private static func folder(_ name: String, _ environment: Environment) throws(CommandError) -> FilePath? {
        guard let text = environment[name] else { return nil }
        // Servers are started from anywhere.
        guard text.hasPrefix("/") else { throw .misconfigured("\(name) is an absolute path, not \"\(text)\"") }
        let path = FilePath(environment.absolute(text))
        guard path.isCanonical, path.bytes.count > 1 else {
            throw .misconfigured("\(name) is the path of a folder, not \"\(text)\"")
        }
        return path
    }
}
