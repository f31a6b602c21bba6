import Integrations

/// What is said to services outside, and of single ones.
struct OutsideDeclarations: Sendable {
    let contact = Setting<String?>(
        "contact", SettingKind.contact.orNone, fallback: .value(nil),
        about: "A mail address or page that MusicBrainz and others find in the `User-Agent`.", page: "services.md")
    let language = Setting<String?>(
        "lastfm_language", SettingKind.language.orNone, fallback: .value(nil, "English"),
        about: "The language of Last.fm's summaries, `de` say.")
    let lastFMSite = Setting<ServiceAddress>(
        "lastfm_site_url", .service, fallback: .value(.known(LastFM.defaultSite)),
        about: "Where people let this server write at Last.fm.", page: "listening.md")
    let labs = Setting<ServiceAddress?>(
        "listenbrainz_labs_url", SettingKind.service.orNone,
        fallback: .value(nil, "`https://labs.api.listenbrainz.org`"),
        about: "Where ListenBrainz has its data sets of what is similar.")
    let webhookHosts = Setting<Set<String>>(
        "webhook_hosts", .hosts, fallback: .value([]),
        about: "Webhooks in a private network, or without https, that may be called.", page: "events.md")
}

extension ServiceAddress {
    /// One that stands in the program.
    static func known(_ text: String) -> ServiceAddress {
        do throws(ServiceAddress.Problem) {
            return try ServiceAddress(text)
        } catch {
            preconditionFailure("the default address is one")
        }
    }
}

extension SettingKind where Value == String {
    private static var maxContactLength: Int { 200 }

    fileprivate static let contact = SettingKind(SettingShape("text, up to \(maxContactLength) bytes of ASCII")) {
        text, _ throws(SettingRefusal) in
        // It stands in a comment of a header.
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains { "()\\".contains($0) }
        guard isPlain, text.utf8.count <= maxContactLength else {
            throw SettingRefusal("is a mail address or the address of a page")
        }
        return text
    }

    fileprivate static let language = SettingKind(SettingShape("code of ISO 639")) { text, _ throws(SettingRefusal) in
        guard (2...3).contains(text.utf8.count), text.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else {
            throw SettingRefusal("is a code of ISO 639 such as de, not \"\(text)\"")
        }
        return text
    }
}
