import Crypto
import Domain
import UseCases

/// What a token or a session is opened with: 256 random bits. Only its SHA-256 is kept, by which it is looked up, which
/// tells an attacker's clock nothing about it.
struct SessionSecret: Sendable {
    let text: String

    static let prefix = AccessToken.secretPrefix

    init(random: () -> UInt64) {
        let words = (0..<4).map { _ in random() }
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        text = Self.prefix + Hex.encode(bytes)
    }

    var hash: [UInt8] { Self.hash(text) }

    static func hash(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}
