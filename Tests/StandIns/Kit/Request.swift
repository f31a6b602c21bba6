/// What a client asks, read whole.
package struct Request: Sendable {
    package struct Header: Hashable, Sendable {
        /// In lower case.
        package let name: String
        package let value: String
    }

    package let method: String
    /// As sent: percent-encoded, with the query.
    package let target: String
    package let headers: [Header]
    package let body: [UInt8]
    /// Parts of the path, decoded one by one; empty ones are left out.
    package let segments: [String]
    package let query: Parameters

    package init(method: String, target: String, headers: [Header] = [], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        segments = (parts.first ?? "").split(separator: "/").map { Parameters.decoded($0, isForm: false) }
        query = Parameters(encoded: parts.count > 1 ? parts[1] : "")
    }

    /// Longest body that is read (bytes): more than any of the services takes. What follows is thrown away.
    package static let maxBodyBytes = 16 << 20

    /// Decoded, with one slash before each part.
    package var path: String { "/" + segments.joined(separator: "/") }

    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    package var form: Parameters {
        guard header("content-type")?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true else {
            return Parameters()
        }
        return Parameters(encoded: Substring(String(decoding: body, as: UTF8.self)))
    }

    /// Nil when the body is no JSON.
    package var json: JSON? {
        try? JSON(parsing: body)  // the caller answers as its service does
    }

    /// `http://host:port` by which the client reached us.
    package var origin: String { "http://" + (header("host") ?? "127.0.0.1") }

    /// What follows the scheme's name in the Authorization header.
    package func credentials(_ scheme: String) -> String? {
        guard let value = header("authorization") else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == scheme.lowercased() else { return nil }
        return String(parts[1])
    }
}
