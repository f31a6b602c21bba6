import HTTPTypes
import Hummingbird
import Logging
import Telemetry

/// Calls of music players take the same steps as all requests, with a sign-in and answers of their own.
extension APIResponder {
    func respondToPlayer(_ request: Request, _ requestID: String, _ context: APIContext) async -> Response {
        let method = subsonic.method(String(RequestTarget.path(of: request.head.path ?? "")))
        guard let method, method.access != .open, let recorder else {
            return await respond(to: request, by: method, requestID, context).response
        }
        // Players have no traces of their own, and who is not signed in may not decide what is recorded.
        let span = recorder.request(
            method: request.method.rawValue, route: method.pattern, requestID: requestID, below: nil,
            since: TraceRecorder.now)
        let (response, isKnown) = await span.work.run { await respond(to: request, by: method, requestID, context) }
        span.setStatus(code: response.status.code)
        // What is not ended is not told.
        if isKnown { span.end() }
        return response
    }

    private func respond(
        to request: Request, by method: SubsonicMethod?, _ requestID: String, _ context: APIContext
    ) async -> (response: Response, isKnown: Bool) {
        let (logger, start) = (logger(context.logger, requestID), ContinuousClock.now)
        var response: Response
        var isKnown = false
        let isOurs = hostGuard.allows(request.head.authority)
        if !isOurs {
            response = HostGuard.refusal.response(requestID: requestID)
        } else if request.method == .options {
            response = ForeignPages.preflight(request.headers)
        } else {
            let answer = await subsonic.respond(to: request, by: method, context, logger)
            response = answer.response
            isKnown = !Self.isOfSignIn(answer.error)
            if let error = answer.error { log(error, request, logger) }
        }
        count(response, as: method.flatMap(Self.label), since: start)
        tell(response, to: request, by: method?.pattern, since: start, logger)
        response.headers[RequestIdentity.header] = requestID
        // Where the name is a foreign one, so may be the page that asks.
        if isOurs { ForeignPages.admit(&response) }
        SecurityHeaders.add(to: &response, isForEveryOrigin: isOurs)
        return (request.method == .head ? response.headOnly : response, isKnown)
    }

    private static func isOfSignIn(_ error: (any Error)?) -> Bool {
        switch error {
        case let error as SubsonicError: error.code.isOfSignIn
        case let problem as Problem: problem.status == .unauthorized || problem.status == .tooManyRequests
        default: false
        }
    }

    /// One for each method that is served, by address or by form.
    private static func label(_ method: SubsonicMethod) -> HTTPRoute? {
        method.isServed ? HTTPRoute(method: "any", pattern: method.pattern) : nil
    }

    private func log(_ error: any Error, _ request: Request, _ logger: Logger) {
        if let error = error as? SubsonicError {
            logger.debug(
                "A player's call was refused",
                metadata: [
                    LogKeys.method: .string(request.method.rawValue), LogKeys.error: .string(error.message),
                ])
        } else {
            log(error, as: Problem(error), request.method, logger)
        }
    }
}
