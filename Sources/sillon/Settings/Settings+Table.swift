import API
import Domain

extension Settings {
    /// What is in effect on a server, by the names of the variables, as administrators see it. Without secrets.
    var table: [ServerFacts.Setting] {
        let listening = SettingList.listening
        // The client's alone, and a worker's on another device; and those of each service, which are on a page of their own.
        var others: Set<String> = [listening.server.key, listening.token.key]
        others.formUnion(SettingGroup("", SettingList.elsewhere).settings.map(\.key))
        others.formUnion(ServiceID.allCases.flatMap { SettingGroup("", SettingList.of($0)).settings.map(\.key) })
        if case .file = database { others.formUnion(SettingGroup("", SettingList.pool).settings.map(\.key)) }
        return lines.filter { !others.contains($0.key) }.map { .init($0.variable, $0.value ?? fallback(of: $0)) }
    }

    /// What counts where there is no value, when words tell it.
    private func fallback(of line: SettingLine) -> String? {
        let words = SettingList.byKey[line.key]?.fallbackText()
        return words == "none" ? nil : words?.replacing("`", with: "")
    }
}

extension ServiceSettings {
    /// What this server uses of its own at each service, for administrators.
    var described: [ServerFacts.Service] {
        ServiceID.allCases.map { id in
            let (entry, settings) = (self[id], SettingList.of(id))
            var secrets: [ServerFacts.Secret] = []
            if id.usesKey || entry.key != nil {
                secrets.append(
                    .init(
                        title: "key", variable: entry.keyVariable ?? settings.keyFile.variable, isSet: entry.key != nil)
                )
            }
            if id.usesSecret || entry.secret != nil {
                secrets.append(
                    .init(
                        title: "secret", variable: entry.secretVariable ?? settings.secretFile.variable,
                        isSet: entry.secret != nil))
            }
            return ServerFacts.Service(
                id: id, purpose: id.purpose, address: .init(settings.url.variable, entry.address.map { "\($0)" }),
                secrets: secrets)
        }
    }
}

extension ServiceID {
    fileprivate var usesKey: Bool {
        switch self {
        case .openai, .lastfm, .listenbrainz, .slskd, .napster: true
        case .ollama, .musicbrainz, .coverart: false
        }
    }

    fileprivate var usesSecret: Bool { self == .lastfm || self == .napster }

    /// What it is for, in a sentence.
    var purpose: String {
        switch self {
        case .ollama, .openai: "Makes vectors of words, for search by meaning."
        case .lastfm:
            "Knows tags, summaries and what is similar; people connect their accounts with its key and secret."
        case .listenbrainz: "Knows what is similar and popular; people connect their accounts with tokens of their own."
        case .musicbrainz: "Knows recordings, releases and artists. It wants an address to write to: SILLON_CONTACT."
        case .coverart: "Has fronts of albums."
        case .slskd: "Searches and downloads in Soulseek."
        case .napster:
            "Closed; for a server that speaks as it did, people connect their accounts with its key and secret."
        }
    }
}
