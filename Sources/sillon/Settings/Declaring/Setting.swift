/// A setting, declared once: how it is read, checked and shown, and its row in the reference, follow from this.
struct Setting<Value: Sendable>: DeclaredSetting {
    let key: String
    let kind: SettingKind<Value>
    let flag: String?
    let foreignVariables: [String]
    let unit: String?
    let fallback: Fallback
    let about: String
    let page: String?

    /// What counts where nobody said anything.
    struct Fallback: Sendable {
        /// Where the value does not say it: it is computed, or nothing.
        let words: String?
        let make: @Sendable (SettingReader) throws(CommandError) -> Value

        static func value(_ value: Value, _ words: String? = nil) -> Fallback {
            Fallback(words: words) { _ throws(CommandError) in value }
        }

        static func computed(
            _ words: String, _ make: @escaping @Sendable (SettingReader) throws(CommandError) -> Value
        ) -> Fallback {
            Fallback(words: words, make: make)
        }
    }

    /// - Parameter about: sentences for people; what stands in `backquotes` is typed as it is.
    /// - Parameter page: of `docs`, where more is said.
    init(
        _ key: String, _ kind: SettingKind<Value>, flag: String? = nil, foreignVariables: [String] = [],
        unit: String? = nil, fallback: Fallback, about: String, page: String? = nil
    ) {
        self.key = key
        self.kind = kind
        self.flag = flag
        self.foreignVariables = foreignVariables
        self.unit = unit
        self.fallback = fallback
        self.about = about
        self.page = page
    }
}

/// A setting of any type, for lists of all of them.
protocol DeclaredSetting: Sendable {
    /// In the configuration file.
    var key: String { get }
    /// With its dashes; nil where no command has one.
    var flag: String? { get }
    /// Of other programs: read where ours is not set.
    var foreignVariables: [String] { get }
    var unit: String? { get }
    var about: String { get }
    var page: String? { get }
    var shape: SettingShape { get }

    /// Of the default: words, or the value in `backquotes`.
    func fallbackText() -> String
    /// What is in effect, and who said it, without secrets.
    func line(in reader: SettingReader) throws(CommandError) -> SettingLine
    /// What no log may show.
    func secrets(in reader: SettingReader) throws(CommandError) -> [String]
    /// Whether a file with these values must be kept from others.
    func isSecret(_ values: [String], at place: SettingPlace) -> Bool
}

extension DeclaredSetting {
    /// One rule for all: the key in capitals.
    var variable: String { SettingList.variablePrefix + key.uppercased() }
    /// In the order in which they are asked for.
    var variables: [String] { [variable] + foreignVariables }
}

extension Setting {
    var shape: SettingShape { kind.shape }

    func fallbackText() -> String {
        if let words = fallback.words { return words }
        // No fallback without words looks at the reader.
        let value = try? fallback.make(SettingReader())  // so that nothing can be thrown
        return value.flatMap(kind.show).map { "`\($0)`" } ?? "none"
    }

    func line(in reader: SettingReader) throws(CommandError) -> SettingLine {
        let value = try reader.read(self)
        let text = kind.show(value)
        return SettingLine(
            key: key, variable: variable, value: shape.secrecy == .whole ? text.map { _ in "[hidden]" } : text,
            origin: reader.origin(of: self))
    }

    func secrets(in reader: SettingReader) throws(CommandError) -> [String] {
        kind.secrets(try reader.read(self))
    }

    func isSecret(_ values: [String], at place: SettingPlace) -> Bool {
        switch shape.secrecy {
        case .none: return false
        case .whole: return true
        case .part:
            do throws(SettingRefusal) {
                return !kind.secrets(try kind.parse(values, place)).isEmpty
            } catch {
                return true
            }
        }
    }
}
