import Domain
import Files
import Foundation

/// From where to where downloads go.
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

    /// What files are called, as it was written and as it was understood.
    struct Template: Sendable {
        let text: String
        let naming: LibraryName

        static let usual: Template = {
            guard let naming = LibraryName(template: LibraryName.defaultTemplate) else {
                preconditionFailure("the default template is one")
            }
            return Template(text: LibraryName.defaultTemplate, naming: naming)
        }()
    }

    let folders: Folders?
    let naming: LibraryName

    init(_ reader: SettingReader) throws(CommandError) {
        naming = try reader.read(SettingList.downloads.template).naming
        folders = try Self.folders(reader)
    }

    private static func folders(_ reader: SettingReader) throws(CommandError) -> Folders? {
        let settings = SettingList.downloads
        let source = try reader.read(settings.source)
        guard let root = try reader.read(settings.root) else { return nil }
        guard let source else {
            throw .misconfigured(
                "\(reader.name(of: settings.root)) needs \(settings.source.key) (\(settings.source.variable)): where "
                    + "slskd leaves its files")
        }
        try Folders.checkApart(source: source, root: root)
        return Folders(source: source, root: root)
    }
}
