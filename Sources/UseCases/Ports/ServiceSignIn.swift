import Domain

/// How somebody lets this program act for them at a service outside.
package protocol ServiceSignIn: Sendable {
    var source: ServiceID { get }
    var ways: Set<SignInWay> { get }

    /// Where a browser asks its owner; it comes back to `callback`. Nil without that way.
    func webAddress(_ request: WebSignIn) -> String?

    /// Throws `signInAgain` or `serviceRefused` for a proof that is none, and as `MetadataSource`.
    func account(_ proof: SignInProof) async throws -> ServiceAccount

    /// Asks the service whether what opens the account opens it still. Answers it as it is to be kept from now on: what
    /// ends soon, or is refused and can be renewed, is new. Throws `signInAgain` where only its owner can help.
    func checked(_ account: ServiceAccount) async throws -> ServiceAccount
}

package enum SignInWay: String, CaseIterable, Sendable {
    /// A token that the owner copies from the service's own page.
    case token
    /// Name and password, which are not kept.
    case password
    /// By way of the service's page.
    case web
}

/// A way by the web that was begun.
package struct WebSignIn: Hashable, Sendable {
    /// Where the browser comes back to, with `state` in its query.
    package let callback: String
    /// Random: tells that what comes back was begun here.
    package let state: String
    /// Random, and known to nobody else until the end (PKCE, RFC 7636).
    package let verifier: HiddenText

    package init(callback: String, state: String, verifier: HiddenText) {
        self.callback = callback
        self.state = state
        self.verifier = verifier
    }
}

package enum SignInProof: Hashable, Sendable {
    case token(HiddenText)
    case password(userName: String, HiddenText)
    /// What the browser brought back: a token or a code.
    case returned(HiddenText, of: WebSignIn)
}
