import Domain
import Foundation
import Integrations

/// The variables of the services outside, of one shape for all: SILLON_MUSICBRAINZ_URL, _KEY, _SECRET, _HOSTS, _RATE.
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
        /// The variables that key and secret were read from.
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

    private static let maxKeyBytes = 4096
    private static let maxContactLength = 200
    private static let maxHosts = 16
    private static let rates = 0.01...1000

    init(_ environment: Environment) throws(CommandError) {
        var entries: [ServiceID: Entry] = [:]
        for service in ServiceID.allCases { entries[service] = try Self.entry(service, environment) }
        self.entries = entries
        labs = try Self.address("SILLON_LISTENBRAINZ_LABS_URL", environment)
        language = try Self.language(environment)
        contact = try Self.contact(environment)
        webhookHosts = try Self.hosts("SILLON_WEBHOOK_HOSTS", environment)
    }

    subscript(service: ServiceID) -> Entry {
        guard let entry = entries[service] else { preconditionFailure("every service has an entry") }
        return entry
    }

    private static func entry(_ service: ServiceID, _ environment: Environment) throws(CommandError) -> Entry {
        let prefix = "SILLON_\(service.rawValue.uppercased())_"
        let named = try address(prefix + "URL", environment)
        let usual = ServiceProfile.of(service).defaultURL.map(known)
        let entry = Entry(
            service: service, address: named ?? usual, isNamed: named != nil,
            key: try secret(prefix + "KEY", environment), secret: try secret(prefix + "SECRET", environment),
            hosts: try hosts(prefix + "HOSTS", environment), rate: try rate(prefix + "RATE", environment),
            keyVariable: variable(prefix + "KEY", environment),
            secretVariable: variable(prefix + "SECRET", environment))
        // At home, slskd speaks plain HTTP; everybody else is somewhere on the internet.
        if let address = entry.address, service != .slskd, entry.key != nil || entry.secret != nil,
            !address.isEncrypted, !address.isLoopback
        {
            throw .misconfigured("the key would travel unencrypted to \(address): \(prefix)URL needs https")
        }
        return entry
    }

    private static func address(_ name: String, _ environment: Environment) throws(CommandError) -> ServiceAddress? {
        guard let text = environment[name] else { return nil }
        do throws(ServiceAddress.Problem) {
            return try ServiceAddress(text)
        } catch {
            switch error {
            case .notAnAddress:
                throw .misconfigured("\(name) is an address such as http://127.0.0.1:11434, not \"\(text)\"")
            case .holdsSecret: throw .misconfigured("\(name) holds a name, a password or a query: it would end in logs")
            }
        }
    }

    static func address(
        _ name: String, usual: String, _ environment: Environment
    ) throws(CommandError) -> ServiceAddress {
        try address(name, environment) ?? known(usual)
    }

    private static func known(_ text: String) -> ServiceAddress {
        do throws(ServiceAddress.Problem) {
            return try ServiceAddress(text)
        } catch {
            preconditionFailure("the default address is one")
        }
    }

    /// Which of both `secret` reads.
    private static func variable(_ name: String, _ environment: Environment) -> String? {
        [name + "_FILE", name].first { environment[$0] != nil }
    }

    /// From the file that `NAME_FILE` names, else from `NAME`.
    private static func secret(_ name: String, _ environment: Environment) throws(CommandError) -> Credential? {
        guard let path = environment[name + "_FILE"] else {
            guard let text = environment[name] else { return nil }
            guard let key = credential(text) else { throw .misconfigured("\(name) holds no key on a single line") }
            return key
        }
        guard let data = FileManager.default.contents(atPath: environment.absolute(path)) else {
            throw .misconfigured("\(name)_FILE names \(path), which cannot be read")
        }
        guard let key = credential(String(decoding: data.prefix(maxKeyBytes), as: UTF8.self)) else {
            throw .misconfigured("\(name)_FILE names \(path), which holds no key on a single line")
        }
        return key
    }

    /// Nil for what cannot stand in a header.
    private static func credential(_ text: String) -> Credential? {
        let key = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return Credential(key)
    }

    private static func hosts(_ name: String, _ environment: Environment) throws(CommandError) -> Set<String> {
        guard let text = environment[name] else { return [] }
        let hosts = text.lowercased().split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        for host in hosts {
            let parts = host.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count >= 2, !parts[0].isEmpty, let port = parts.last.flatMap({ Int($0) }),
                (1...65535).contains(port)
            else { throw .misconfigured("\(name) is a list such as 127.0.0.1:8081,nas.home:80, not \"\(text)\"") }
        }
        guard hosts.count <= maxHosts else { throw .misconfigured("\(name) names more than \(maxHosts) hosts") }
        return Set(hosts)
    }

    private static func rate(_ name: String, _ environment: Environment) throws(CommandError) -> Double? {
        guard let text = environment[name] else { return nil }
        guard let rate = Double(text), rates.contains(rate) else {
            throw .misconfigured(
                "\(name) is a number of requests a second, \(rates.lowerBound) to \(rates.upperBound), not \"\(text)\"")
        }
        return rate
    }

    private static func language(_ environment: Environment) throws(CommandError) -> String? {
        guard let text = environment["SILLON_LASTFM_LANGUAGE"] else { return nil }
        guard (2...3).contains(text.utf8.count), text.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else {
            throw .misconfigured("SILLON_LASTFM_LANGUAGE is a code of ISO 639 such as de, not \"\(text)\"")
        }
        return text
    }

    private static func contact(_ environment: Environment) throws(CommandError) -> String? {
        guard let text = environment["SILLON_CONTACT"] else { return nil }
        // It stands in a comment of a header.
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains { "()\\".contains($0) }
        guard isPlain, text.utf8.count <= maxContactLength else {
            throw .misconfigured("SILLON_CONTACT is a mail address or the address of a page")
        }
        return text
    }
}
