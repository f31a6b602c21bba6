/// A handled error: a bare JSON string, or nothing at all for 401, 403 and 404.
struct SlskdRefusal: Error {
    let status: Int
    let message: String?

    init(_ status: Int, _ message: String? = nil) {
        self.status = status
        self.message = message
    }

    static let busy = SlskdRefusal(
        429, "Only one concurrent operation is permitted. Wait until the previous operation completes")

    var reply: Reply { message.map { .json(.string($0), status: status) } ?? Reply(status: status) }
}
