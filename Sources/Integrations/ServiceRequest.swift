import Domain

/// A request to a service outside.
package struct ServiceRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    package enum Body: Sendable {
        case json([UInt8])
        /// Names and values as they are; they are encoded as a form's.
        case form([(name: String, value: String)])
    }

    /// How a key is shown to a service. It goes to the service's own host only, never along a redirect to another.
    package enum Authorization: Sendable {
        /// `Authorization: Bearer KEY`
        case bearer(Credential)
        /// `Authorization: SCHEME KEY`: ListenBrainz's is `Token`.
        case scheme(String, Credential)
        /// `NAME: KEY`: slskd's is `X-API-Key`.
        case header(String, Credential)
    }

    package typealias Purpose = ServiceDoor.Purpose

    /// Behind the service's address; or a whole `https://…` that the service named: it is asked like a redirect's target,
    /// without any key.
    package var path: String
    /// Names and values as they are; they are encoded into the address.
    package var query: [(name: String, value: String)] = []
    /// Nil is a GET without a body, a POST with one.
    package var method: Method?
    package var body: Body?
    /// More header fields; nothing secret.
    package var headers: [(name: String, value: String)] = []
    /// Instead of the caller's own key.
    package var authorization: Authorization?
    package var limit: Duration
    package var purpose: Purpose
    /// Bytes of an answer that are read before it is given up; nil is the caller's own limit.
    package var answerBytesMax: Int?
    /// How many redirects of a GET are followed, also to other hosts; each is checked as the first address was.
    package var redirectsMax = 0
    /// False for what must not happen twice: it is not tried again within the call.
    package var isRepeatable = true

    package init(_ path: String, body: [UInt8]? = nil, limit: Duration, purpose: Purpose = .work) {
        self.path = path
        self.body = body.map { .json($0) }
        self.limit = limit
        self.purpose = purpose
    }
}
