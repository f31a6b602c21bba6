import Persistence

/// Where this installation keeps things.
struct PlaceDeclarations: Sendable {
    let data = Setting<String>(
        "data", .path, flag: "--data",
        fallback: .computed("`$XDG_DATA_HOME/sillon`, else `~/.local/share/sillon`") { reader throws(CommandError) in
            try usualFolder(reader.environment)
        },
        about: "The data folder: database, admin token, keys.")
    let database = Setting<DatabaseLocation>(
        "database_url", .database, flag: "--database",
        fallback: .computed("`sillon.db` in the data folder") { reader throws(CommandError) in
            .file(try reader.read(SettingList.place.data) + "/sillon.db")
        },
        about: "The database: a file, or `postgres://user:password@host:5432/name?sslmode=verify-full`. "
            + "Arguments are seen by others: keep a password elsewhere, or in `~/.pgpass`.")
    let sqliteCache = Setting<Int?>(
        "sqlite_cache", SettingKind.wholeNumber(256...1_048_576).orNone, unit: "KiB",
        fallback: .value(nil, "memory decides: 2048 or 8192"), about: "Of each connection to a file of SQLite.",
        page: "device.md")
    let music = Setting<[String]>(
        "music", .folders, flag: "--music", fallback: .value([]),
        about: "Folders of music that `sillon up` makes library roots, and scans for changes.")
    let keyFile = Setting<KeyFile>(
        "secrets_key_file",
        SettingKind(SettingShape("path"), show: { $0.path }) { text, place throws(SettingRefusal) in
            KeyFile(path: try place.absolute(text), isOwn: false)
        },
        fallback: .computed("`\(KeyFile.name)` in the data folder") { reader throws(CommandError) in
            KeyFile(path: try reader.read(SettingList.place.data) + "/" + KeyFile.name, isOwn: true)
        },
        about: "The key that opens what is kept of accounts at services outside. Keep it with every backup.")

    private static func usualFolder(_ environment: Environment) throws(CommandError) -> String {
        // The XDG specification says that a relative path in this variable is to be ignored.
        if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") { return base + "/sillon" }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw .misconfigured("cannot tell where the data folder is: give --data DIR or set SILLON_DATA")
        }
        return home + "/.local/share/sillon"
    }
}

extension SettingKind where Value == DatabaseLocation {
    static let database = SettingKind(
        SettingShape("path or `postgres://…`", secrecy: .part), secrets: { [$0.password].compactMap(\.self) },
        text: { text, place throws(SettingRefusal) in try DatabaseLocation(text, at: place) })
}

extension SettingKind where Value == [String] {
    /// As they were given: a command makes them absolute, byte for byte.
    fileprivate static let folders = SettingKind(
        SettingShape(list: "list of paths; in the variable with `:` between them", separator: ":"),
        show: { $0.isEmpty ? nil : $0.joined(separator: ":") },
        items: { items, place throws(SettingRefusal) in
            let folders = items.filter { !$0.isEmpty }
            if place.isFile { for folder in folders { _ = try place.absolute(folder) } }
            return folders
        })
}
