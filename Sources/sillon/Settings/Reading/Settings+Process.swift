extension Settings {
    /// What a command goes by: flags, the environment of this process, and the configuration file.
    /// - Parameter config: the value of `--config`.
    /// - Parameter isClient: one that need not read the server's own file when it is not allowed to.
    /// Throws `misconfigured` with one line about the first thing that is wrong.
    static func ofProcess(_ flags: Flags, config: String?, isClient: Bool = false) throws(CommandError) -> Settings {
        try checked(SettingReader.ofProcess(flags, config: config, isClient: isClient))
    }

    static func checked(_ reader: SettingReader) throws(CommandError) -> Settings {
        let problems = SettingCheck.problems(reader)
        guard let first = problems.first else { return try Settings(reader) }
        let others = problems.count - 1
        throw .misconfigured(first + (others > 0 ? " (and \(others) more: sillon config check)" : ""))
    }
}

extension SettingReader {
    /// What commands need that ask a server: files that others name may be the server's alone.
    private static let clientKeys = Set(
        [SettingList.place.data.key] + SettingGroup("", SettingList.listening).settings.map(\.key))

    static func ofProcess(
        _ flags: Settings.Flags, config: String?, isClient: Bool = false
    ) throws(CommandError) -> SettingReader {
        let environment = Environment.ofProcess()
        let file = try ConfigFile.find(named: config, environment, isNeeded: !isClient)
        return SettingReader(
            flags: flags.given, environment: environment, file: isClient ? file.limited(to: clientKeys) : file)
    }
}
