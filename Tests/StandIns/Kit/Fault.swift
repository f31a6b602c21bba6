/// One way to misbehave, for some requests or until told otherwise.
package struct Fault: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// No answer; the connection stays.
        case silence
        /// The answer comes later: `milliseconds`.
        case delay
        /// The answer comes in drops: `bytes_per_second`.
        case slow
        /// `status`, perhaps with `retry_after` and `body`.
        case status
        /// An error of the service's own: `code` as its documentation counts them.
        case code
        /// Half of the answer's bytes, well framed.
        case half
        /// The whole answer is promised, half of it is sent, and the connection ends.
        case cutOff = "cut_off"
        /// Status 200 and a page for people.
        case html
        /// Begins like an answer and never ends.
        case endless
        /// To `location`, with `status` 302 unless another is given.
        case redirect
        /// TCP reset instead of an answer.
        case reset
    }

    package var kind: Kind
    package var status: Int?
    package var retryAfter: String?
    package var body: String?
    package var code: Int?
    package var location: String?
    package var milliseconds = 1_000
    package var bytesPerSecond = 100
    /// Requests that it still meets; nil for all, until it is taken back.
    package var times: Int?
    /// Only requests whose path begins so.
    package var path: String?
    package var method: String?
    /// The service does what it was asked, and only the answer is lost.
    package var isProcessed = false

    package init(_ kind: Kind) { self.kind = kind }

    /// The command as the control path takes it. Throws a sentence for who wrote it.
    package init(_ json: JSON) throws(FaultProblem) {
        let names = Kind.allCases.map(\.rawValue).joined(separator: ", ")
        guard let name = json["fault"]?.string, let kind = Kind(rawValue: name) else {
            throw FaultProblem(description: "\"fault\" is one of \(names)")
        }
        self.kind = kind
        status = json["status"]?.int
        retryAfter = json["retry_after"]?.string ?? json["retry_after"]?.int.map { "\($0)" }
        body = json["body"]?.string
        code = json["code"]?.int
        location = json["location"]?.string
        milliseconds = json["milliseconds"]?.int ?? milliseconds
        bytesPerSecond = max(1, json["bytes_per_second"]?.int ?? bytesPerSecond)
        times = json["times"]?.int
        path = json["path"]?.string
        method = json["method"]?.string
        isProcessed = json["processed"]?.bool ?? false
        if kind == .redirect, location == nil { throw FaultProblem(description: "\"location\" is missing") }
        if kind == .code, code == nil { throw FaultProblem(description: "\"code\" is missing") }
    }

    package static func status(_ status: Int, retryAfter: String? = nil) -> Fault {
        var fault = Fault(.status)
        fault.status = status
        fault.retryAfter = retryAfter
        return fault
    }

    package static func redirect(to location: String) -> Fault {
        var fault = Fault(.redirect)
        fault.location = location
        return fault
    }

    package static func code(_ code: Int) -> Fault {
        var fault = Fault(.code)
        fault.code = code
        return fault
    }

    package func times(_ count: Int) -> Fault {
        var fault = self
        fault.times = count
        return fault
    }

    package func at(_ path: String) -> Fault {
        var fault = self
        fault.path = path
        return fault
    }

    /// The service does its work, and then the answer is lost.
    package var afterProcessing: Fault {
        var fault = self
        fault.isProcessed = true
        return fault
    }

    func meets(_ request: Request) -> Bool {
        (path.map { request.path.hasPrefix($0) } ?? true) && (method.map { $0 == request.method } ?? true)
    }

    var json: JSON {
        let all: JSON = [
            "fault": .string(kind.rawValue), "status": JSON(status), "retry_after": JSON(retryAfter),
            "code": JSON(code), "location": JSON(location), "times": JSON(times), "path": JSON(path),
            "method": JSON(method), "processed": .bool(isProcessed),
        ]
        return all.withoutNulls
    }
}

/// What is wrong with a command.
package struct FaultProblem: Error, CustomStringConvertible {
    package let description: String
}
