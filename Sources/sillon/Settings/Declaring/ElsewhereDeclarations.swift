import Domain
import Remote

/// How `sillon worker --server` works for a server on another device.
struct ElsewhereDeclarations: Sendable {
    let map = Setting<[PathRule]>(
        "map", .pathRules, flag: "--map", fallback: .value([]),
        about: "Where folders of the server lie on this device. Files elsewhere are fetched, and not walked.",
        page: "install-fleet.md")
    let certificates = Setting<String?>(
        "ca", SettingKind.path.orNone, flag: "--ca", fallback: .value(nil),
        about: "A file with certificates to trust besides those of the system.", page: "install-fleet.md")
    let cache = Setting<String?>(
        "cache", SettingKind.path.orNone, flag: "--cache",
        fallback: .value(nil, "`$XDG_CACHE_HOME/sillon`, else `~/.cache/sillon`"),
        about: "Where fetched files lie while they are needed.", page: "install-fleet.md")
    let cacheLimit = Setting<ByteCount>(
        "cache_limit", .byteCount, flag: "--cache-limit", fallback: .value(ByteCount(bytes: 2 << 30)),
        about: "Bytes of fetched files at most.", page: "install-fleet.md")
    let insecure = Setting<Bool>(
        "insecure", .trueOrFalse, flag: "--insecure", fallback: .value(false),
        about: "Whether the token may go over plain HTTP to a server outside the local network.",
        page: "install-fleet.md")
}

extension SettingKind where Value == [PathRule] {
    fileprivate static let pathRules = SettingKind(
        SettingShape(list: "list of `SERVER=LOCAL`; in the variable with `:` between them", separator: ":"),
        show: { $0.isEmpty ? nil : $0.map(\.text).joined(separator: ":") },
        items: { items, _ throws(SettingRefusal) in
            var rules: [PathRule] = []
            for item in items where !item.isEmpty {
                guard let rule = PathRule(argument: item) else {
                    throw SettingRefusal(
                        "is two absolute paths such as /srv/music=/mnt/nas/music, not \"\(item)\"")
                }
                rules.append(rule)
            }
            return rules
        })
}

extension SettingKind where Value == ByteCount {
    fileprivate static let byteCount = SettingKind(
        SettingShape("bytes, or `500M`, `2G`", [.string, .integer]), show: { $0.description }
    ) { text, _ throws(SettingRefusal) in
        guard let count = ByteCount(argument: text) else {
            throw SettingRefusal("is a number of bytes such as 500M or 2G, not \"\(text)\"")
        }
        return count
    }
}
