/// What a service answers.
package struct Reply: Sendable {
    package var status: Int
    package var headers: [Request.Header]
    package var body: [UInt8]

    package init(status: Int = 200, type: String? = nil, headers: [Request.Header] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = (type.map { [Request.Header(name: "Content-Type", value: $0)] } ?? []) + headers
        self.body = body
    }

    package static func json(_ value: JSON, status: Int = 200) -> Reply {
        Reply(status: status, type: "application/json; charset=utf-8", body: value.bytes)
    }

    package static func text(_ text: String, status: Int = 200, type: String = "text/plain; charset=utf-8") -> Reply {
        Reply(status: status, type: type, body: Array(text.utf8))
    }

    package static func html(_ title: String, status: Int = 200) -> Reply {
        let page = "<!DOCTYPE html><html><head><title>\(title)</title></head><body><h1>\(title)</h1></body></html>"
        return text(page, status: status, type: "text/html; charset=utf-8")
    }

    package static func redirect(to location: String, status: Int = 302) -> Reply {
        Reply(status: status, headers: [Request.Header(name: "Location", value: location)])
    }

    package func adding(_ name: String, _ value: String) -> Reply {
        var reply = self
        reply.headers.append(Request.Header(name: name, value: value))
        return reply
    }
}

/// How an answer goes out, well or badly.
package enum Delivery: Sendable {
    case whole(Reply)
    /// A few bytes at a time.
    case slow(Reply, bytesPerSecond: Int)
    /// Promises the whole body, sends half of it, and hangs up.
    case cutOff(Reply)
    /// A body that never ends.
    case endless(Reply)
    /// Nothing, until the client gives up.
    case silence
    /// The connection is torn down with a TCP reset.
    case reset
}
