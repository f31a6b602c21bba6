import Domain
import Foundation
import Integrations

/// The settings of one service outside, of one shape for all.
struct ServiceDeclarations: Sendable {
    /// Nil for the reference, which tells of all at once.
    let service: ServiceID?
    let url: Setting<ServiceAddress?>
    let keyFile: Setting<CredentialFile?>
    let key: Setting<Credential?>
    let secretFile: Setting<CredentialFile?>
    let secret: Setting<Credential?>
    let hosts: Setting<Set<String>>
    let rate: Setting<Double?>

    init(_ service: ServiceID?) {
        self.service = service
        let name = service?.rawValue ?? "x"
        let usual = service.flatMap { ServiceProfile.of($0).defaultURL }
        let page = "services.md"
        url = Setting(
            "\(name)_url", SettingKind.service.orNone,
            fallback: .value(usual.map(ServiceAddress.known), service == nil ? "see below" : nil),
            about: "Where it is.", page: page)
        keyFile = Setting(
            "\(name)_key_file", CredentialFile.kind, fallback: .value(nil), about: "The file that holds its key.",
            page: page)
        key = Setting(
            "\(name)_key", SettingKind.credential.orNone, fallback: .value(nil),
            about: "The key itself. Only slskd's is ever sent unencrypted to another machine.", page: page)
        secretFile = Setting(
            "\(name)_secret_file", CredentialFile.kind, fallback: .value(nil),
            about: "The file that holds its secret.", page: page)
        secret = Setting(
            "\(name)_secret", SettingKind.credential.orNone, fallback: .value(nil), about: "The secret itself.",
            page: page)
        hosts = Setting(
            "\(name)_hosts", .hosts, fallback: .value([]),
            about: "Servers in a private network where its redirects may lead.", page: page)
        rate = Setting(
            "\(name)_rate", SettingKind.number(0.01...1000).orNone, unit: "requests a second",
            fallback: .value(nil, "the service's own"), about: "Of all workers together.", page: page)
    }
}

/// A file with a key or a secret, and what it holds.
struct CredentialFile: Sendable {
    let path: String
    let credential: Credential

    private static let maxBytes = 4096

    static let kind = SettingKind<CredentialFile>(
        SettingShape("path"), show: { $0.path }, secrets: { [$0.credential.value] },
        text: { text, place throws(SettingRefusal) in
            let path = try place.absolute(text)
            guard let data = FileManager.default.contents(atPath: path) else {
                throw SettingRefusal("names \(path), which cannot be read")
            }
            guard let credential = Credential(line: String(decoding: data.prefix(maxBytes), as: UTF8.self)) else {
                throw SettingRefusal("names \(path), which holds no key on a single line")
            }
            return CredentialFile(path: path, credential: credential)
        }
    ).orNone
}

extension SettingKind where Value == Credential {
    fileprivate static let credential = SettingKind(
        SettingShape("text on one line", secrecy: .whole), secrets: { [$0.value] },
        text: { text, _ throws(SettingRefusal) in
            guard let credential = Credential(line: text) else {
                throw SettingRefusal("holds no key on a single line")
            }
            return credential
        })
}

extension Credential {
    /// Nil for what cannot stand in a header.
    fileprivate init?(line text: String) {
        let key = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        self.init(key)
    }
}
