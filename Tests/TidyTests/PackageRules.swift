/// What the manifest and the folders must agree on.
enum PackageRules {
    /// Dependencies that do not come from GitHub over HTTPS.
    static func foreignPackages(in manifest: String) -> [String] {
        urls(in: manifest).filter { !$0.hasPrefix("https://github.com/") }
    }

    static func urls(in manifest: String) -> [String] {
        manifest.matches(of: #/\.package\(\s*(?:name:\s*"[^"]*",\s*)?(?:url|path):\s*"([^"]*)"/#).map { String($0.1) }
    }

    static func targets(in manifest: String) -> Set<String> {
        Set(manifest.matches(of: #/(?:[tT]arget|systemLibrary)\(\s*name:\s*"([^"]+)"/#).map { String($0.1) })
    }

    /// Paths of this repository in a Markdown text, in backquotes or as the target of a link.
    static func namedPaths(in markdown: String) -> [String] {
        markdown.matches(of: #/[`(](?:\.\/)?((?:Sources|Tests|common|ops|infra|\.ci)\/[^`()\s]+)[`)]/#).map {
            String($0.1)
        }
    }
}
