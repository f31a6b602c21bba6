import Domain
import Integrations

/// The services outside: where they are, and what opens them.
struct ServiceSettings: Sendable {
    struct Entry: Sendable {
        let service: ServiceID
        /// Nil where there is none and none is usual.
        let address: ServiceAddress?
        /// The admin named the address, so it may lie in a private network.
        let isNamed: Bool
        let key: Credential?
        let secret: Credential?
        /// `host:port` where redirects may lead although they lie in a private network.
        let hosts: Set<String>
        /// Requests a second; nil for the service's own.
        let rate: Double?
        /// Who said what key and secret are: a variable, say.
        var keyVariable: String?
        var secretVariable: String?
    }

    var entries: [ServiceID: Entry]
    /// Where ListenBrainz has its data sets, when it is not the usual place.
    let labs: ServiceAddress?
    /// Of Last.fm's summaries, ISO 639; nil for English.
    let language: String?
    /// Where the people who run a service can write to; MusicBrainz asks for it.
    let contact: String?
    /// `host:port` of webhooks that may lie in a private network.
    let webhookHosts: Set<String>

    init(_ reader: SettingReader) throws(CommandError) {
        var entries: [ServiceID: Entry] = [:]
        for service in ServiceID.allCases { entries[service] = try Self.entry(service, reader) }
        self.entries = entries
        let settings = SettingList.outside
        labs = try reader.read(settings.labs)
        language = try reader.read(settings.language)
        contact = try reader.read(settings.contact)
        webhookHosts = try reader.read(settings.webhookHosts)
    }

    subscript(service: ServiceID) -> Entry {
        guard let entry = entries[service] else { preconditionFailure("every service has an entry") }
        return entry
    }

    static func entry(_ service: ServiceID, _ reader: SettingReader) throws(CommandError) -> Entry {
        let settings = SettingList.of(service)
        let key = try credential(settings.key, settings.keyFile, reader)
        let secret = try credential(settings.secret, settings.secretFile, reader)
        let entry = Entry(
            service: service, address: try reader.read(settings.url),
            isNamed: reader.origin(of: settings.url) != .fallback, key: key?.credential, secret: secret?.credential,
            hosts: try reader.read(settings.hosts), rate: try reader.read(settings.rate), keyVariable: key?.name,
            secretVariable: secret?.name)
        // At home, slskd speaks plain HTTP; everybody else is somewhere on the internet.
        if let address = entry.address, service != .slskd, entry.key != nil || entry.secret != nil,
            !address.isEncrypted, !address.isLoopback
        {
            throw .misconfigured(
                "the key would travel unencrypted to \(address): \(reader.name(of: settings.url)) needs https")
        }
        return entry
    }

    /// What the stronger of both says; where they are equally strong, the file.
    private static func credential(
        _ plain: Setting<Credential?>, _ file: Setting<CredentialFile?>, _ reader: SettingReader
    ) throws(CommandError) -> (credential: Credential, name: String)? {
        // Both are read: what makes no sense is told also where it is not used.
        let (own, other) = (try reader.read(plain), try reader.read(file))
        if let other, own == nil || reader.origin(of: file).strength >= reader.origin(of: plain).strength {
            return (other.credential, reader.name(of: file))
        }
        return own.map { ($0, reader.name(of: plain)) }
    }
}
