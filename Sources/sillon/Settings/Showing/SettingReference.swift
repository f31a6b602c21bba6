import Domain
import Integrations

/// docs/configuration.md: what can be set, told by the settings themselves.
enum SettingReference {
    static var page: String {
        var text = introduction
        for group in SettingList.groups { text += "\n## \(group.title)\n\n" + table(group.settings) }
        text += "\n## Each service outside\n\n" + services
        text += "\n## Variables that are no settings\n\n| variable | meaning |\n|---|---|\n"
        for other in SettingList.otherVariables { text += "| `\(other.name)` | \(other.about) |\n" }
        return text
    }

    private static let introduction = """
        # Configuration

        `sillon config reference` prints this page from the settings of the program; a test holds it to that.

        A setting is said in a file, in the environment, or by a flag: the file is weakest, then the environment, and a
        flag is strongest. All are read and checked once, at start. A key or a variable `SILLON_…` that nobody knows, a
        wrong type and a value out of range end the start with code 78 and one line that names file, line and key, or the
        variable, or the flag.

            sillon config check              # ok, or all that is wrong, and code 78
            sillon config show               # what is in effect, and who said so; secrets are hidden; --json for scripts

        Both take `--config` and the flags of `sillon up`.

        ## The file

        It is the one that `--config` names, else the one in `SILLON_CONFIG`, else `\(ConfigFile.usualPath)` if it is there.

            # Comments begin with #.
            data = "/srv/sillon"
            music = ["/srv/music", "/srv/more music"]
            port = 4141
            metrics_listen = "0.0.0.0:9464"
            embedding_models = ["ollama:nomic-embed-text"]

            [lastfm]                     # the same as lastfm_key_file = …
            key_file = "/etc/sillon/lastfm.key"
            secret_file = "/etc/sillon/lastfm.secret"

        It is TOML, and of TOML this: `key = value` with keys of letters, digits, `_` and `-`; texts in `"…"` or `'…'` on one
        line; decimal numbers; `true` and `false`; lists of texts, over several lines if need be; comments; and `[section]`,
        whose name and a `_` go before the keys below it. Dates, tables in a line, keys with dots or in quotes, and texts
        over several lines are refused. It is UTF-8, of \(ConfigFile.maxBytes / 1024) KiB at most.

        Paths in the file are absolute. Whoever may write to the file decides what the server does: one that everybody may
        write to is refused. One that holds a secret is refused, too, when everybody may read it, or when a group may write
        to it other than root's and its owner's own: `chmod 640`, with the group of the server's user, or leave secrets in
        files of their own (`…_key_file`), in systemd's `EnvironmentFile=`, or in `~/.pgpass`. In an environment file each
        setting is a variable: `SILLON_` and the key in capitals. In variables the items of a list have commas between them,
        and a variable that is set to nothing counts as not set.

        """

    private static func table(_ settings: [any DeclaredSetting]) -> String {
        var text = "| key | variable | flag | type | default | meaning |\n|---|---|---|---|---|---|\n"
        for setting in settings {
            let variables = setting.variables.map { "`\($0)`" }.joined(separator: ", else ")
            let type = [setting.shape.name, setting.unit].compactMap(\.self).joined(separator: ", ")
            let secret: String
            switch setting.shape.secrecy {
            case .none: secret = ""
            case .whole: secret = " (secret)"
            case .part: secret = " (may hold a secret)"
            }
            let page = setting.page.map { " See [\($0.prefix { $0 != "#" })](\($0))." } ?? ""
            let cells = [
                "`\(setting.key)`", variables, setting.flag.map { "`\($0)`" } ?? "", type + secret,
                setting.fallbackText(), setting.about + page,
            ]
            text += "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
        }
        return text
    }

    private static var services: String {
        var text = "For x and X put one of the services below.\n\n"
        text += table(SettingGroup("", ServiceDeclarations(nil)).settings)
        text += "\n| x | `x_url`, unless it is set | what it is for |\n|---|---|---|\n"
        for service in ServiceID.allCases {
            text += "| `\(service.rawValue)` | \(SettingList.of(service).url.fallbackText()) | \(service.purpose) |\n"
        }
        return text
    }
}
