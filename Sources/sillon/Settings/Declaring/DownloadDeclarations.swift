import Domain

/// From where to where downloads go.
struct DownloadDeclarations: Sendable {
    let source = Setting<FilePath?>(
        "slskd_downloads", SettingKind.folder.orNone, fallback: .value(nil),
        about: "Where slskd leaves its finished files, as this machine sees that folder.", page: "downloads.md")
    let root = Setting<FilePath?>(
        "download_root", SettingKind.folder.orNone, fallback: .value(nil),
        about: "Where in the library they go; nothing is downloaded without.", page: "downloads.md")
    let template = Setting<DownloadSettings.Template>(
        "download_template", .template, fallback: .value(.usual),
        about: "Their names below that folder.", page: "downloads.md")
}

extension SettingKind where Value == FilePath {
    /// Servers are started from anywhere.
    fileprivate static let folder = SettingKind(SettingShape("absolute path"), show: { $0.display }) {
        text, place throws(SettingRefusal) in
        guard text.hasPrefix("/") else { throw SettingRefusal("is an absolute path, not \"\(text)\"") }
        let path = FilePath(try place.absolute(text))
        guard path.isCanonical, path.bytes.count > 1 else {
            throw SettingRefusal("is the path of a folder, not \"\(text)\"")
        }
        return path
    }
}

extension SettingKind where Value == DownloadSettings.Template {
    fileprivate static let template: SettingKind = {
        let fields = LibraryName.Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
        return SettingKind(SettingShape("path of `\(fields)`"), show: { $0.text }) { text, _ throws(SettingRefusal) in
            guard let naming = LibraryName(template: text) else {
                throw SettingRefusal(
                    "is a path such as \(LibraryName.defaultTemplate), made of \(fields), and not \"\(text)\"")
            }
            return DownloadSettings.Template(text: text, naming: naming)
        }
    }()
}
