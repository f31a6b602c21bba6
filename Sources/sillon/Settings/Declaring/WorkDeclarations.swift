import Domain

/// What workers of this machine do, and how.
struct WorkDeclarations: Sendable {
    let roles = Setting<RoleList?>(
        "roles",
        SettingKind<RoleList>(
            SettingShape(
                list: "list of " + Role.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "), separator: ","),
            show: { $0.defaultValueDescription },
            items: { items, _ throws(SettingRefusal) in
                guard !items.isEmpty, let roles = RoleList(argument: items.joined(separator: ",")) else {
                    let names = Role.allCases.map(\.rawValue).joined(separator: ", ")
                    throw SettingRefusal("is a list of \(names), not \"\(items.joined(separator: ","))\"")
                }
                return roles
            }
        ).orNone,
        flag: "--roles", fallback: .value(nil, "all of them; `sillon worker` has to be told"),
        about: "What the workers of a process do: tags, sound, vectors, services outside.")
    let analysis = Setting<AnalysisMode>(
        "analysis", .choice, flag: "--analysis", fallback: .value(.full),
        about:
            "How much of a piece is listened to: `windows` is for slow devices, with tempo, key and vector from a third of "
            + "a long piece.",
        page: "ear.md#windows-mode")
    let fingerprint = Setting<Bool>(
        "fingerprint", .trueOrFalse, fallback: .value(false),
        about:
            "Whether analyses made from then on hold the fingerprint that AcoustID looks up and that tells other encodings "
            + "of a recording for sure. Servers and workers need the same; `sillon scan --full` makes it for what was heard "
            + "before.")
}
