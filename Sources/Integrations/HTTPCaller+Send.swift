import AsyncHTTPClient
import Domain
import NIOCore
import NIOHTTP1
import Telemetry

extension HTTPCaller {
    /// Where a request goes first. Throws `serviceError` for an address that is none.
    func target(of request: ServiceRequest) throws(Failure) -> ServiceTarget {
        let isWhole = ["http://", "https://"].contains { request.path.lowercased().hasPrefix($0) }
        let query = request.query.isEmpty ? "" : "?" + FormEncoding.encode(request.query)
        guard let target = ServiceTarget((isWhole ? "" : address.url) + request.path + query) else {
            throw Failure(.serviceError, "\(service) named an address that is none")
        }
        return target
    }

    /// True for the server that the settings name: it alone gets the keys.
    func isOwn(_ target: ServiceTarget) -> Bool {
        ServiceTarget(address.url)?.hasOrigin(of: target) == true
    }

    /// Sends it, and follows redirects as far as the request allows.
    func send(_ request: ServiceRequest, to target: ServiceTarget) async throws -> ServiceAnswer {
        try await withThrowingTaskGroup(of: ServiceAnswer?.self) { group in
            group.addTask { try await self.follow(request, from: target) }
            // The whole of it, the last byte of the answer too, within the limit.
            group.addTask {
                try await self.clock.limit(request.limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else {
                throw Failure(.serviceError, "\(service) at \(address) did not answer within \(request.limit)")
            }
            return answer
        }
    }

    private static let redirects: Set<Int> = [301, 302, 303, 307, 308]

    private func follow(_ request: ServiceRequest, from first: ServiceTarget) async throws -> ServiceAnswer {
        var target = first
        var hops = 0
        while true {
            let answer = try await fetch(request, target, isFirst: hops == 0)
            // What is sent is sent to nobody else.
            guard request.redirectsMax > 0, request.body == nil, (request.method ?? .get) == .get,
                Self.redirects.contains(answer.status)
            else { return answer }
            guard hops < request.redirectsMax else {
                throw Failure(.serviceError, "\(service) redirects more than \(request.redirectsMax) times")
            }
            guard let next = answer.headers["location"].flatMap(target.following) else {
                throw Failure(.serviceError, "\(service) redirects to an address that is none")
            }
            if isOwn(next) { try await takeAnotherTurn(request, next) }
            (target, hops) = (next, hops + 1)
        }
    }

    private func fetch(
        _ request: ServiceRequest, _ target: ServiceTarget, isFirst: Bool
    ) async throws -> ServiceAnswer {
        let bytesMax = request.answerBytesMax ?? options.answerBytesMax
        let message = message(for: request, to: target)
        // The trace ends here: no service outside is told of it.
        let span = WorkContext.current?.call(
            options.name ?? service, method: message.method.rawValue, host: target.host, port: target.port)
        defer { span?.end() }
        do {
            let answer = try await network.fetch(message, target, isNamed: isNamed(target), bytesMax: bytesMax)
            span?.setAnswer(code: answer.status)
            return answer
        } catch let problem as ServiceNetwork.Problem {
            let failure = failure(problem, at: target, isFirst: isFirst, bytesMax)
            span?.fail(failure)
            throw failure
        } catch {
            span?.fail("cancelled", nil)
            throw error
        }
    }

    /// The admin named this very server: the port counts, too.
    private func isNamed(_ target: ServiceTarget) -> Bool {
        options.isAddressNamed && isOwn(target)
            || options.namedHosts.contains("\(target.host):\(target.port)")
    }

    private func message(for request: ServiceRequest, to target: ServiceTarget) -> HTTPClientRequest {
        var message = HTTPClientRequest(url: target.url)
        message.method = HTTPMethod(rawValue: (request.method ?? (request.body == nil ? .get : .post)).rawValue)
        message.headers.add(name: "accept", value: "application/json")
        message.headers.add(name: "user-agent", value: options.userAgent)
        let isOwn = isOwn(target)
        for (name, value) in request.headers where isOwn || name.lowercased() == "accept" {
            message.headers.replaceOrAdd(name: name, value: value)
        }
        let authorization = request.authorization ?? credential.map(ServiceRequest.Authorization.bearer)
        if isOwn, let field = authorization?.field {
            message.headers.replaceOrAdd(name: field.name, value: field.value)
        }
        switch request.body {
        case .json(let bytes):
            message.headers.add(name: "content-type", value: "application/json")
            message.body = .bytes(ByteBuffer(bytes: bytes))
        case .form(let fields):
            message.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            message.body = .bytes(ByteBuffer(string: FormEncoding.encode(fields)))
        case nil: break
        }
        return message
    }

    private func failure(
        _ problem: ServiceNetwork.Problem, at target: ServiceTarget, isFirst: Bool, _ bytesMax: Int
    ) -> Failure {
        let place = isOwn(target) ? "\(service) at \(address)" : "\(service)'s \(target.shownHost)"
        switch problem {
        case .unknownName:
            return Failure(.serviceUnavailable, "\(place) is not in reach: nobody knows the name \(target.host)")
        case .unreachable(let words), .silent(let words):
            return Failure(.serviceUnavailable, "\(place) is not in reach: \(words)")
        case .brokenOff: return Failure(.serviceError, "\(place) broke off in the middle of an answer")
        case .tooLarge: return Failure(.serviceError, "\(place) answered more than \(bytesMax) bytes")
        case .forbidden(let address, let range):
            // Where the service itself leads is a matter of settings; where it sends us is its own doing.
            return Failure(
                isFirst && isOwn(target) ? .serviceBlocked : .serviceError,
                "\(place) leads to \(address), \(range): only an address in the settings may do that")
        }
    }
}
