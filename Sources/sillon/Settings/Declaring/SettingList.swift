import Domain

/// All settings, in the order of the reference. Each is declared in one place, as a property of its group.
enum SettingList {
    static let place: PlaceDeclarations = .init()
    static let listening: ListenDeclarations = .init()
    static let work: WorkDeclarations = .init()
    static let elsewhere: ElsewhereDeclarations = .init()
    static let words: WordDeclarations = .init()
    static let watching: WatchDeclarations = .init()
    static let pool: PoolDeclarations = .init()
    static let downloads: DownloadDeclarations = .init()
    static let outside: OutsideDeclarations = .init()
    private static let services = ServiceID.allCases.map { ServiceDeclarations($0) }

    static let variablePrefix = "SILLON_"

    static let groups: [SettingGroup] = [
        SettingGroup("Where things are", place), SettingGroup("Server and client", listening),
        SettingGroup("What is done here", work),
        SettingGroup("A worker for a server elsewhere", elsewhere), SettingGroup("Vectors and words", words),
        SettingGroup("Logs, numbers, traces", watching), SettingGroup("A PostgreSQL database", pool),
        SettingGroup("Downloads", downloads), SettingGroup("Services outside", outside),
    ]

    static let all: [any DeclaredSetting] = (groups + services.map { SettingGroup("", $0) }).flatMap(\.settings)

    static let byKey: [String: any DeclaredSetting] = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

    static func of(_ service: ServiceID) -> ServiceDeclarations {
        guard let own = services.first(where: { $0.service == service }) else {
            preconditionFailure("every service has its settings")
        }
        return own
    }

    /// Variables that are no settings: what they say cannot stand in a file that they help to find, or is asked for by
    /// one command.
    static let otherVariables: [(name: String, about: String)] = [
        (ConfigFile.variable, "The configuration file, as `--config`; `/dev/null` for none."),
        (
            "SILLON_COPY_TO",
            "Where `sillon copy` copies to, as its `--to`: a database whose password no list of processes shows."
        ), ("SILLON_URL", "Where the programs in `examples` find the server; `sillon` itself reads `SILLON_SERVER`."),
        ("SILLON_UP_OPTIONS", "Flags that the Debian package's service gives `sillon up`."),
        ("SILLON_SERVE_OPTIONS", "Flags that the Debian package's service gives `sillon serve`."),
        ("SILLON_WORKER_OPTIONS", "Flags that the Debian package's services give `sillon worker`."),
        ("SILLON_UPGRADE_WITHOUT_BACKUP", "Asked for by the Debian package's upgrade: go on where a backup failed."),
    ]

    /// The project's own tests and benchmarks find their servers by such variables.
    private static let testPrefix = "SILLON_TEST_"

    private static let variables = Set(all.flatMap(\.variables) + otherVariables.map(\.name))

    static func isKnown(variable: String) -> Bool {
        variables.contains(variable) || variable.hasPrefix(testPrefix)
    }

    /// The variable or key that was probably meant.
    static func nearest(toVariable name: String) -> String? {
        NearestName.of(name, among: variables.filter { $0.hasPrefix(variablePrefix) })
    }

    static func nearest(toKey key: String) -> String? {
        var plain = key.lowercased().replacing("-", with: "_")
        if plain.hasPrefix(variablePrefix.lowercased()) { plain.removeFirst(variablePrefix.count) }
        return byKey[plain] == nil ? NearestName.of(plain, among: byKey.keys) : plain
    }
}

/// Settings that stand together in the reference.
struct SettingGroup: Sendable {
    let title: String
    let settings: [any DeclaredSetting]

    /// - Parameter declarations: a value whose properties are settings; nobody has to list them a second time.
    init(_ title: String, _ declarations: Any) {
        self.title = title
        settings = Mirror(reflecting: declarations).children.compactMap { $0.value as? any DeclaredSetting }
    }
}
