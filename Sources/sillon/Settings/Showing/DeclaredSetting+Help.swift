import ArgumentParser

extension DeclaredSetting {
    /// Of the flag, in the words of the reference.
    func help(_ valueName: String) -> ArgumentHelp {
        let text = "\(about) Default: $\(variable), else \(fallbackText())."
        return ArgumentHelp("\(text.replacing("`", with: ""))", valueName: valueName)
    }
}

extension ConfigFile {
    static let help = ArgumentHelp(
        "The configuration file. Default: $\(variable), else \(usualPath) if it is there.", valueName: "file")
}
