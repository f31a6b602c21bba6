/// The errors of the API (last.fm/api/errorcodes), and the HTTP status under which each comes.
struct LastFMError: Error {
    let code: Int
    let message: String
    let status: Int

    init(_ code: Int, _ message: String? = nil, status: Int? = nil) {
        self.code = code
        self.message = message ?? Self.messages[code] ?? "Unknown error"
        self.status = status ?? Self.statuses[code] ?? 403
    }

    private static let messages = [
        2: "Invalid service - This service does not exist",
        3: "Invalid Method - No method with that name in this package",
        4: "Authentication Failed - You do not have permissions to access the service",
        5: "Invalid format - This service doesn't exist in that format",
        6: "Invalid parameters - Your request is missing a required parameter",
        7: "Invalid resource specified",
        8: "Operation failed - Most likely the backend service failed. Please try again.",
        9: "Invalid session key - Please re-authenticate",
        10: "Invalid API key - You must be granted a valid key by last.fm",
        11: "Service Offline - This service is temporarily offline. Try again later.",
        13: "Invalid method signature supplied",
        14: "Unauthorized Token - This token has not been authorized",
        15: "This token has expired",
        16: "The service is temporarily unavailable, please try again.",
        17: "Login: User requires to be logged in",
        26: "API Key Suspended - This application is not allowed to make requests to the web services",
        27: "Deprecated - This type of request is no longer supported",
        29: "Rate Limit Exceeded - Your IP has made too many requests in a short period",
    ]
    private static let statuses = [2: 400, 3: 400, 5: 400, 6: 400, 7: 400, 8: 400, 11: 503, 16: 503, 27: 400, 29: 429]

    func reply(isJSON: Bool) -> Reply {
        if isJSON {
            return .json(["error": .int(code), "message": .string(message), "links": []], status: status)
        }
        let error = Node("error", message, [("code", .int(code))])
        return LastFMError.xml(status: "failed", error.xml, httpStatus: status)
    }

    static func xml(status: String, _ inner: String, httpStatus: Int) -> Reply {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<lfm status=\"\(status)\">\(inner)</lfm>\n"
        return .text(text, status: httpStatus, type: "text/xml; charset=UTF-8")
    }
}
