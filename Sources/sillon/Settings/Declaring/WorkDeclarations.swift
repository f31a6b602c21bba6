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
    let audioSlots = Setting<Int?>(
        "audio_slots", SettingKind.wholeNumber(1...64).orNone, fallback: .value(nil, "cores and memory decide"),
        about: "Files that workers of this machine analyse at once; each takes up to 100 MB.", page: "device.md")
    let indexerSlots = Setting<Int?>(
        "indexer_slots", SettingKind.wholeNumber(1...16).orNone, fallback: .value(nil, "cores and memory decide"),
        about: "Readers of tags at once on this machine.", page: "device.md")
    let watch = Setting<Bool>(
        "watch", .trueOrFalse, fallback: .value(true),
        about: "Whether this server watches library roots for changes.", page: "watching.md")
    let heavyHours = Setting<[DailySpan]>(
        "heavy_hours", .spans, fallback: .value([], "at any time"),
        about:
            "The only hours in which workers of this machine begin to analyse files, such as `01:00-07:00`, by its own time "
            + "zone. Tags and vectors are made at any time.",
        page: "device.md")
    let quietHours = Setting<[DailySpan]>(
        "quiet_hours", .spans, fallback: .value([]),
        about: "Hours in which they do not, such as `22:00-08:00`; they win over `heavy_hours`.", page: "device.md")
}

extension SettingKind where Value == [DailySpan] {
    fileprivate static let spans = SettingKind(
        SettingShape(list: "list of `HH:MM-HH:MM`", separator: ","),
        show: { $0.isEmpty ? nil : $0.map(\.description).joined(separator: ",") },
        items: { items, _ throws(SettingRefusal) in
            var spans: [DailySpan] = []
            for item in items where !item.isEmpty {
                guard let span = DailySpan(item) else {
                    throw SettingRefusal("is a list of hours such as 01:00-07:00, not \"\(item)\"")
                }
                spans.append(span)
            }
            return spans
        })
}
