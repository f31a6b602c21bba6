import Crypto
import Domain
import HTTPTypes
import UseCases

/// The cookie of a session, and what is derived from its secret.
enum BrowserSession {
    static let cookie = "sillon_session"
    /// How long a browser stays signed in, in seconds.
    static let lifetimeSeconds: Int64 = 14 * 24 * 3600

    /// The secret that a request's cookie carries; nil when there is none, or what there is cannot be one.
    static func secret(in headers: HTTPFields) -> String? {
        guard let header = headers[.cookie] else { return nil }
        for pair in header.split(separator: ";") {
            let text = pair.drop { $0 == " " }
            guard text.hasPrefix(cookie + "=") else { continue }
            let value = text.dropFirst(cookie.count + 1)
            let isPlain = value.utf8.allSatisfy(PercentCoding.isUnreserved)
            return (1...Authenticator.maxSecretLength).contains(value.utf8.count) && isPlain ? String(value) : nil
        }
        return nil
    }

    /// Out of reach of scripts, and never sent for another site.
    static func setCookie(_ secret: String, isSecure: Bool) -> String {
        "\(cookie)=\(secret); Path=/; Max-Age=\(lifetimeSeconds)" + attributes(isSecure)
    }

    static func clearCookie(isSecure: Bool) -> String { "\(cookie)=; Path=/; Max-Age=0" + attributes(isSecure) }

    private static func attributes(_ isSecure: Bool) -> String {
        "; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }

    /// Whether the browser spoke HTTPS, to us or to a proxy before us. Who claims it falsely keeps but its own cookie
    /// from coming back.
    static func isSecure(_ headers: HTTPFields) -> Bool {
        headers[HTTPField.Name("X-Forwarded-Proto")!]?.lowercased() == "https"
            || headers[HTTPField.Name("Forwarded")!]?.lowercased().contains("proto=https") == true
            || headers[.origin]?.lowercased().hasPrefix("https://") == true
    }
}

/// Whose request it is.
struct SignedIn: Sendable {
    let token: AccessToken
    /// Nil for who signed in by header: no other site can make a browser send that.
    let csrf: String?
}

/// Tells requests that our own pages make from those that another site makes a browser send.
enum CrossSiteGuard {
    /// Of a form; scripts send the header.
    static let field = "csrf"
    static let header = HTTPField.Name("X-CSRF-Token")!
    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!

    /// Follows from the session's secret, so that nothing is kept.
    static func token(for secret: String) -> String {
        let key = SymmetricKey(data: Array(secret.utf8))
        return Hex.encode(Array(HMAC<SHA256>.authenticationCode(for: Array("csrf".utf8), using: key)))
    }

    /// Refuses what a browser says comes from elsewhere.
    /// - Parameter isStrict: What no browser says anything of is refused too.
    static func checkOrigin(_ headers: HTTPFields, authority: String?, isStrict: Bool) throws(Problem) {
        if let site = headers[fetchSite] {
            guard site == "same-origin" || (site == "none" && !isStrict) else { throw foreign }
            return
        }
        guard let origin = headers[.origin] else {
            if isStrict { throw foreign }
            return
        }
        guard let scheme = origin.firstRange(of: "://"), let authority,
            origin[scheme.upperBound...].lowercased() == authority.lowercased()
        else { throw foreign }
    }

    static func check(_ given: String?, is expected: String) throws(Problem) {
        let (given, expected) = (Array((given ?? "").utf8), Array(expected.utf8))
        // Every byte is looked at, so that the time tells nothing.
        let difference = zip(given, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        guard given.count == expected.count, difference == 0 else {
            throw Problem(.forbidden, "this did not come from a page of this session; reload the page")
        }
    }

    static func isSafe(_ method: HTTPRequest.Method) -> Bool { method == .get || method == .head }

    private static let foreign = Problem(.forbidden, "this did not come from a page of this server")
}
