import HTTPTypes
import Hummingbird

/// What every answer tells browsers, problems included. Pages say some of it themselves.
enum SecurityHeaders {
    /// - Parameter isForEveryOrigin: Whether pages of other origins may show it: pictures, music and scripts, too.
    static func add(to response: inout Response, isForEveryOrigin: Bool = false) {
        response.headers[.xContentTypeOptions] = "nosniff"
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] =
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        }
        if response.headers[referrerPolicy] == nil { response.headers[referrerPolicy] = "no-referrer" }
        response.headers[crossOriginResourcePolicy] = isForEveryOrigin ? "cross-origin" : "same-origin"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    }

    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    private static let crossOriginResourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy")!
}
