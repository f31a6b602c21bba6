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
        /// Who said where they are, for sentences.
        let sourceName: String
        let rootName: String

        /// Without symbolic links, where that can be told.
        var real: Folders {
            at(FolderCheck.realPath(source.bytes) ?? source, FolderCheck.realPath(root.bytes) ?? root)
        }

        func at(_ source: FilePath, _ root: FilePath) -> Folders {
            Folders(source: source, root: root, sourceName: sourceName, rootName: rootName)
        }

        func checkApart() throws(CommandError) {
            guard !source.contains(root), !root.contains(source) else {
                throw .misconfigured("\(sourceName) and \(rootName) overlap: what is half received would be scanned")
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
        let folders = Folders(
            source: source, root: root, sourceName: reader.name(of: settings.source),
            rootName: reader.name(of: settings.root))
        try folders.checkApart()
        return folders
    }
}
