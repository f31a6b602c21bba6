import Foundation
import Persistence
import UseCases

/// Which database: a file, or one on a server. Its description shows no password.
enum DatabaseLocation: Sendable, CustomStringConvertible {
    /// An absolute path.
    case file(String)
    case server(PostgresURL)

    var description: String {
        switch self {
        case .file(let path): path
        case .server(let url): url.description
        }
    }

    var password: String? {
        switch self {
        case .file: nil
        case .server(let url): url.password
        }
    }

    /// True when the database, or the server that may hold it, can be asked.
    var exists: Bool {
        switch self {
        case .file(let path): access(path, F_OK) == 0
        case .server: true
        }
    }

    /// As a command's own argument says it. Throws `misconfigured`.
    init(_ text: String, source: String, _ environment: Environment) throws(CommandError) {
        do throws(SettingRefusal) {
            try self.init(text, at: SettingPlace(environment: environment, isFile: false))
        } catch {
            throw .misconfigured("\(source) \(error.text)")
        }
    }

    /// `postgres://…`, `sqlite:path`, a file, or a folder that holds sillon.db.
    init(_ text: String, at place: SettingPlace) throws(SettingRefusal) {
        if PostgresURL.looksLikeOne(text) {
            do throws(StoreError) {
                self = .server(try PostgresURL(text))
            } catch {
                throw SettingRefusal("cannot be used: \(error)")
            }
            return
        }
        let path = text.hasPrefix("sqlite:") ? Self.path(afterScheme: text.dropFirst("sqlite:".count)) : text
        guard !path.isEmpty, !path.contains("://") else {
            throw SettingRefusal("is a path or postgres://user:password@host:5432/database")
        }
        let absolute = try place.absolute(path)
        self = .file(absolute.hasSuffix(".db") ? absolute : absolute + "/sillon.db")
    }

    /// `sqlite:relative`, `sqlite:/absolute` and `sqlite:///absolute`.
    private static func path(afterScheme rest: Substring) -> String {
        rest.hasPrefix("///") ? String(rest.dropFirst(2)) : String(rest)
    }
}
