/// `{"code": "UnauthorizedError", "message": "…"}`.
struct NapsterError: Error {
    let status: Int
    let code: String
    let message: String

    init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
        code = Self.codes[status] ?? "InternalError"
    }

    private static let codes = [
        400: "InvalidArgumentError", 401: "UnauthorizedError", 403: "ForbiddenError", 404: "NotFoundError",
        405: "MethodNotAllowedError", 429: "TooManyRequestsError",
    ]

    static let expired = NapsterError(401, "The access token is invalid or has expired")
    static let noKey = NapsterError(401, "Invalid or missing apikey")

    var reply: Reply { .json(["code": .string(code), "message": .string(message)], status: status) }
}
