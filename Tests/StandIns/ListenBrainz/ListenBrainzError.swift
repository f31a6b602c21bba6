/// `{"code": 400, "error": "…"}`.
struct ListenBrainzError: Error {
    let status: Int
    let message: String

    init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    var reply: Reply { .json(["code": .int(status), "error": .string(message)], status: status) }

    static let noToken = ListenBrainzError(401, "You need to provide an Authorization token.")
    static let badToken = ListenBrainzError(401, "Invalid authorization token.")
    static let notFound = ListenBrainzError(
        404,
        "The requested URL was not found on the server. If you entered the URL manually please check your spelling.")
}
