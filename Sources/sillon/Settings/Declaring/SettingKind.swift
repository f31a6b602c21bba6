/// How the text of a setting is understood and shown.
struct SettingKind<Value: Sendable>: Sendable {
    let shape: SettingShape
    /// Of something that is not a list the only text. What it throws goes on behind the name of the setting.
    let parse: @Sendable ([String], SettingPlace) throws(SettingRefusal) -> Value
    /// Without secrets; nil where there is none.
    let show: @Sendable (Value) -> String?
    let secrets: @Sendable (Value) -> [String]

    init(
        _ shape: SettingShape, show: @escaping @Sendable (Value) -> String? = { "\($0)" },
        secrets: @escaping @Sendable (Value) -> [String] = { _ in [] },
        items parse: @escaping @Sendable ([String], SettingPlace) throws(SettingRefusal) -> Value
    ) {
        self.shape = shape
        self.parse = parse
        self.show = show
        self.secrets = secrets
    }

    init(
        _ shape: SettingShape, show: @escaping @Sendable (Value) -> String? = { "\($0)" },
        secrets: @escaping @Sendable (Value) -> [String] = { _ in [] },
        text parse: @escaping @Sendable (String, SettingPlace) throws(SettingRefusal) -> Value
    ) {
        self.init(shape, show: show, secrets: secrets) { items, place throws(SettingRefusal) in
            try parse(items.first ?? "", place)
        }
    }

    /// As this, for what may be absent.
    var orNone: SettingKind<Value?> {
        let (parse, show, secrets) = (parse, show, secrets)
        return SettingKind<Value?>(
            shape, show: { $0.flatMap(show) }, secrets: { $0.map(secrets) ?? [] },
            items: { items, place throws(SettingRefusal) in try parse(items, place) })
    }
}

/// What can be said of a setting's values without knowing their type.
struct SettingShape: Sendable {
    enum Secrecy: Sendable {
        case none, whole
        /// May hold one beside what is shown, as an address its password.
        case part
    }

    /// For people, with what is allowed.
    let name: String
    /// What it may be in the configuration file.
    let inFile: Set<TOMLValue.Kind>
    /// Between the items of a list, where it is one text; nil for what is no list.
    let separator: Character?
    let secrecy: Secrecy

    init(_ name: String, _ inFile: Set<TOMLValue.Kind> = [.string], secrecy: Secrecy = .none) {
        self.name = name
        self.inFile = inFile
        separator = nil
        self.secrecy = secrecy
    }

    /// A list.
    init(list name: String, separator: Character, secrecy: Secrecy = .none) {
        self.name = name
        inFile = [.strings]
        self.separator = separator
        self.secrecy = secrecy
    }

    /// For people: what it is in the configuration file.
    var inFileWords: String {
        // Who is asked for a number may write a whole one.
        let kinds = inFile.contains(.float) ? inFile.subtracting([.integer]) : inFile
        return TOMLValue.Kind.allCases.filter(kinds.contains).map(\.words).joined(separator: " or ")
    }

    /// The items of what stands in a variable.
    func items(of text: String) -> [String] {
        guard let separator else { return [text] }
        return text.split(separator: separator, omittingEmptySubsequences: false).map {
            String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
}

/// Why a text is refused; it follows the name of the setting: `is 0 to 65535, not "http"`.
struct SettingRefusal: Error, Hashable {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}

/// Where a text stands: what a relative path in it means.
struct SettingPlace: Sendable {
    let environment: Environment
    let isFile: Bool

    func absolute(_ path: String) throws(SettingRefusal) -> String {
        guard !path.isEmpty else { throw SettingRefusal("is empty") }
        // Whoever starts a command has a folder in mind that he is in; a file does not.
        guard !isFile || path.hasPrefix("/") else {
            throw SettingRefusal("is an absolute path in a file, not \"\(path)\"")
        }
        return environment.absolute(path)
    }
}
