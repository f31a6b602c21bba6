import Crypto
import Domain
import Foundation

/// The begin of a sign-in by OAuth 2's authorisation code (RFC 6749, section 4.1), with a proof that whoever comes back
/// with the code is whoever asked for it (RFC 7636).
package struct SignInRequest: Hashable, Sendable {
    /// Comes back with the code; one that differs is not ours.
    package let state: String
    /// Kept until the code is exchanged, and shown to nobody before.
    package let verifier: HiddenText

    static let randomBytes = 32

    /// - Parameter random: 64 random bytes.
    package init(random: [UInt8]) {
        precondition(random.count >= 2 * Self.randomBytes, "a sign-in needs \(2 * Self.randomBytes) random bytes")
        state = Self.text(random[..<Self.randomBytes])
        verifier = HiddenText(Self.text(random[Self.randomBytes..<(2 * Self.randomBytes)]))
    }

    /// `S256` of RFC 7636.
    var challenge: String { Self.text(SHA256.hash(data: Data(verifier.value.utf8))) }

    /// Base64 for addresses, without padding (RFC 4648, section 5).
    private static func text(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Takes as long for a wrong state as for the right one.
    package func isOwn(state answered: String) -> Bool {
        let (own, other) = (Array(state.utf8), Array(answered.utf8))
        guard own.count == other.count else { return false }
        return zip(own, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
