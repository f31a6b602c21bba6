import HTTPTypes
import Hummingbird

/// Lets pages of other origins ask under `/rest/`: players that run in a browser are served from elsewhere.
///
/// Whoever calls says so in the call itself, and cookies are not looked at there, so that a foreign page can do no more in
/// somebody's browser than a program of its own could. It has to know a key or a password, and each guess is charged to the
/// address it comes from.
enum ForeignPages {
    private static let anyOrigin = "*"
    /// What players read beside the answer itself: lengths, ranges, when to come back.
    private static let readable: [HTTPField.Name] = [
        .acceptRanges, .contentDisposition, .contentDuration, .contentLength, .contentRange, .contentType, .eTag,
        .retryAfter, RequestIdentity.header,
    ]
    /// A day; browsers take less where they want to.
    private static let preflightSeconds = 86_400

    /// Without `Access-Control-Allow-Credentials`: a browser then gives no cookie along with what such a page asks.
    static func admit(_ response: inout Response) {
        response.headers[.accessControlAllowOrigin] = anyOrigin
        response.headers[.accessControlExposeHeaders] = readable.map(\.rawName).joined(separator: ", ")
    }

    /// What a browser asks before it sends a call that a form could not have made.
    static func preflight(_ requested: HTTPFields) -> Response {
        var headers: HTTPFields = [
            .allow: SubsonicResponder.allowedMethods, .accessControlAllowMethods: SubsonicResponder.allowedMethods,
            .accessControlMaxAge: "\(preflightSeconds)",
        ]
        // Whatever a player sends along: nothing here goes by a header that is a secret.
        if requested[.accessControlRequestHeaders] != nil { headers[.accessControlAllowHeaders] = anyOrigin }
        return Response(status: .noContent, headers: headers)
    }
}
