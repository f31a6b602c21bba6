/// What was said of the settings, by whom: the file is weakest, then the environment, and a flag is strongest.
struct SettingReader: Sendable {
    /// By key.
    var flags: [String: [String]] = [:]
    var environment = Environment(variables: [:], currentFolder: "/", standardErrorIsTerminal: false)
    var file = ConfigFile.none

    /// The value in effect. Throws `misconfigured` with a sentence that names who said it.
    func read<Value>(_ setting: Setting<Value>) throws(CommandError) -> Value {
        precondition(SettingList.byKey[setting.key] != nil, "\(setting.key) is in no group of the list of settings")
        let origin = origin(of: setting)
        guard origin != .fallback else { return try setting.fallback.make(self) }
        do throws(SettingRefusal) {
            return try setting.kind.parse(try items(of: setting, origin), place(of: origin))
        } catch {
            throw .misconfigured("\(origin.name(of: setting)) \(error.text)")
        }
    }

    func origin(of setting: any DeclaredSetting) -> SettingOrigin {
        if let flag = setting.flag, flags[setting.key] != nil { return .flag(flag) }
        if let name = setting.variables.first(where: { environment[$0] != nil }) { return .variable(name) }
        if let entry = file.entries[setting.key] { return .file(path: file.path, line: entry.line) }
        return .fallback
    }

    /// What a sentence about the setting begins with.
    func name(of setting: any DeclaredSetting) -> String {
        origin(of: setting).name(of: setting)
    }

    func place(of origin: SettingOrigin) -> SettingPlace {
        SettingPlace(
            environment: environment, isFile: origin.strength == SettingOrigin.file(path: "", line: 0).strength)
    }

    private func items(
        of setting: any DeclaredSetting, _ origin: SettingOrigin
    ) throws(SettingRefusal) -> [String] {
        switch origin {
        case .fallback: return []
        case .flag: return flags[setting.key] ?? []
        case .variable(let name): return setting.shape.items(of: environment[name] ?? "")
        case .file:
            guard let value = file.entries[setting.key]?.value else { return [] }
            guard setting.shape.inFile.contains(value.kind) else {
                throw SettingRefusal("is \(setting.shape.inFileWords), not \(value.kind.words)")
            }
            guard value != .string("") else { throw SettingRefusal("is empty: leave the line out") }
            return value.texts
        }
    }
}
