import Domain

/// All that is wrong with what was said of the settings.
enum SettingCheck {
    /// Sentences that name file and line, variable or flag: first those about the file.
    static func problems(_ reader: SettingReader) -> [String] {
        var problems = reader.file.problems + unknownVariables(reader.environment)
        // What must fit together begins with settings that have told of themselves.
        for problem in SettingList.all.compactMap({ alone($0, reader) }) + together(reader)
        where !problems.contains(problem) {
            problems.append(problem)
        }
        return problems
    }

    private static func alone(_ setting: any DeclaredSetting, _ reader: SettingReader) -> String? {
        do throws(CommandError) {
            _ = try setting.line(in: reader)
            return nil
        } catch {
            return error.message
        }
    }

    /// The first problem of each thing that is made of several settings.
    private static func together(_ reader: SettingReader) -> [String] {
        var problems: [String] = []
        for service in ServiceID.allCases {
            do throws(CommandError) {
                _ = try ServiceSettings.entry(service, reader)
            } catch {
                problems.append(error.message)
            }
        }
        do throws(CommandError) {
            let openAI = try reader.read(SettingList.of(.openai).url)
            try EmbeddingSettings.models(reader, openAI: openAI)
        } catch {
            problems.append(error.message)
        }
        do throws(CommandError) {
            _ = try DownloadSettings(reader)
        } catch {
            problems.append(error.message)
        }
        do throws(CommandError) {
            _ = try Settings(reader)
        } catch {
            problems.append(error.message)
        }
        return problems
    }

    /// What a start would find on this machine, where the settings can be read at all.
    static func startProblems(_ reader: SettingReader) -> [String] {
        do throws(CommandError) {
            return try Settings(reader).startProblems
        } catch {
            return []  // it is among the problems of the settings
        }
    }

    /// A variable that is set to nothing counts as not set.
    private static func unknownVariables(_ environment: Environment) -> [String] {
        let names = environment.variables.keys.filter { name in
            name.hasPrefix(SettingList.variablePrefix) && environment[name] != nil
                && !SettingList.isKnown(variable: name)
        }
        return names.sorted().map { name in
            "\(name) is no variable of Sillon's"
                + (SettingList.nearest(toVariable: name).map { "; did you mean \($0)?" } ?? "")
        }
    }
}
