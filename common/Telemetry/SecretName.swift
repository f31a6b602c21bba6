/// How much a name says that what follows is secret.
enum SecretName: Hashable {
    /// Whatever follows, also behind a colon in a sentence.
    case sure
    /// Behind `=`, and in JSON; in a sentence only what looks like a key.
    case likely
    /// Behind `=`; else only what looks like a key: songs have keys, too.
    case perhaps
    case cookie
    case authorization

    /// Longer names are looked at by their ends.
    static let bytesMax = 40
    /// `API key`, which is written with a space in sentences only.
    static let spacedKey = "api key"

    /// - Parameter name: lower case.
    init?(_ name: String) {
        guard name.utf8.count >= 2 else { return nil }
        let parts = name.split { $0 == "_" || $0 == "-" }
        guard let last = parts.last.map(String.init) else { return nil }
        let before = parts.dropLast().last.map(String.init)
        switch last {
        case "cookie": self = .cookie
        case "authorization": self = .authorization
        case Self.spacedKey: self = .perhaps
        case _ where Self.sureEnds.contains(where: last.hasSuffix): self = .sure
        case "key" where before.map(Self.keepers.contains) == true: self = .sure
        case "token", "secret": self = parts.count > 1 ? .sure : .likely
        case _ where last.hasSuffix("token") || last.hasSuffix("secret"): self = .likely
        case "key", "sk", "sig", "signature", "session", "sid": self = .perhaps
        default: return nil
        }
    }

    private static let sureEnds = ["password", "passwd", "passphrase", "pwd", "apikey", "secretkey", "privatekey"]
    private static let keepers: Set = ["api", "access", "auth", "private", "secret", "session", "signing"]
}
