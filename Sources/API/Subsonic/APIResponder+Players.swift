import HTTPTypes
import Hummingbird
import Logging
import Telemetry

/// Calls of music players take the same steps as all requests, with a sign-in and answers of their own.
extension APIResponder {
    func respondToPlayer(_ request: Request, _ requestID: String, _ context: APIContext) async -> Response {
        let method = subsonic.method(String(RequestTarget.path(of: request.head.path ?? "")))
        guard let method, method.access != .open, let recorder else {
            return await respond(to: request, by: method, requestID, context)
        }
        let span = recorder.request(
            method: request.method.rawValue, route: method.pattern, requestID: requestID,
            below: request.headers[Self.traceHeader].flatMap { TraceParent($0) })
        let response = await span.work.run { await respond(to: request, by: method, requestID, context) }
        span.setStatus(code: response.status.code)
        span.end()
        return response
    }

    private func respond(
        to request: Request, by method: SubsonicMethod?, _ requestID: String, _ context: APIContext
    ) async -> Response {
        let (logger, start) = (logger(context.logger, requestID), ContinuousClock.now)
        var response: Response
        if hostGuard.allows(request.head.authority) {
            let answer = await subsonic.respond(to: request, by: method, context, logger)
            response = answer.response
            if let error = answer.error { log(error, request, logger) }
        } else {
            response = HostGuard.refusal.response(requestID: requestID)
        }
        count(response, as: method.flatMap(Self.label), since: start)
        tell(response, to: request, by: method?.pattern, since: start, logger)
        response.headers[RequestIdentity.header] = requestID
        SecurityHeaders.add(to: &response)
        return request.method == .head ? response.createHeadResponse() : response
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
