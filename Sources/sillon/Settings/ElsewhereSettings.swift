import Domain
import Foundation
import Remote

/// How a worker works for a server on another device.
struct ElsewhereSettings: Sendable {
    let map: PathMap
    private let rules: [PathRule]
    /// A file with certificates to trust besides those of the system.
    let certificates: String?
    /// Nil for the usual one.
    private let cache: String?
    /// Bytes.
    let cacheLimit: Int64
    /// Whether the token may go over plain HTTP to anywhere.
    let isInsecure: Bool

    init(_ reader: SettingReader) throws(CommandError) {
        let settings = SettingList.elsewhere
        rules = try reader.read(settings.map)
        map = PathMap(rules.map(\.rule))
        certificates = try reader.read(settings.certificates)
        cache = try reader.read(settings.cache)
        cacheLimit = try reader.read(settings.cacheLimit).bytes
        isInsecure = try reader.read(settings.insecure)
    }

    /// A sentence for each mapped folder that is not there, or cannot be read. Files are fetched then: the disk of another
    /// machine may come later.
    /// - Parameter name: who said what is mapped.
    func mapProblems(_ name: String) -> [String] {
        rules.compactMap { rule in
            do throws(CommandError) {
                _ = try FolderCheck.usable(name, rule.rule.local, isWritten: false)
                return nil
            } catch {
                return error.message
            }
        }
    }

    /// Where fetched files lie. Throws `misconfigured` where nobody can say.
    func cacheFolder(_ environment: Environment) throws(CommandError) -> String {
        if let cache { return cache }
        if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") { return base + "/sillon" }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            let name = SettingList.elsewhere.cache
            throw .misconfigured(
                "cannot tell where fetched files may lie: give --cache DIR, or set \(name.key) (\(name.variable))")
        }
        return home + "/.cache/sillon"
    }
}
