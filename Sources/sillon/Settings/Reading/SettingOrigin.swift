/// Who said what a setting is; the stronger one comes later.
enum SettingOrigin: Hashable, Sendable {
    case fallback
    case file(path: String, line: Int)
    case variable(String)
    case flag(String)

    var strength: Int {
        switch self {
        case .fallback: 0
        case .file: 1
        case .variable: 2
        case .flag: 3
        }
    }

    /// For scripts.
    var kind: String {
        switch self {
        case .fallback: "default"
        case .file: "file"
        case .variable: "environment"
        case .flag: "flag"
        }
    }

    /// `/etc/sillon/sillon.toml:3`, say; nil for the default.
    var place: String? {
        switch self {
        case .fallback: nil
        case .file(let path, let line): "\(path):\(line)"
        case .variable(let name), .flag(let name): name
        }
    }

    /// What a sentence about the setting begins with: what somebody wrote, or may write where nobody did.
    func name(of setting: any DeclaredSetting) -> String {
        switch self {
        case .fallback: setting.flag ?? "\(setting.key) (\(setting.variable))"
        case .file: "\(place ?? ""): \(setting.key)"
        case .variable(let name), .flag(let name): name
        }
    }
}
