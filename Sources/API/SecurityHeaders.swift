import HTTPTypes
import Hummingbird

/// What every answer tells browsers, problems included.
enum SecurityHeaders {
    static func add(to response: inout Response) {
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        response.headers[referrerPolicy] = "no-referrer"
        response.headers[crossOriginResourcePolicy] = "same-origin"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    }

    private static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    private static let crossOriginResourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy")!
}
