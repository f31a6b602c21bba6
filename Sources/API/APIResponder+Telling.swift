import HTTPTypes
import Hummingbird
import Logging
import Telemetry

/// What is told of a request: to the trace, to the log, and to who counts.
extension APIResponder {
    /// Nil where nothing is recorded, and for what is asked all the time and tells nothing: health, numbers, files of
    /// pages, and workers elsewhere, whose tasks have spans of their own.
    ///
    /// Only for who is signed in: strangers may neither fill the receiver nor decide what is recorded.
    func span(for request: Request, by route: Route?, _ arrival: Arrival) -> TraceSpan? {
        guard let recorder, let route, route.access != .open, route.access != .worker, !route.isUntold else {
            return nil
        }
        return recorder.request(
            method: route.method.rawValue, route: route.pattern.description, requestID: arrival.requestID,
            below: request.headers[Self.traceHeader].flatMap { TraceParent($0) }, since: arrival.nanoseconds)
    }

    private static let traceHeader = HTTPField.Name(TraceRecorder.header)!

    func logger(_ logger: Logger, _ requestID: String) -> Logger {
        var logger = logger
        if let logLevel { logger.logLevel = logLevel }
        // The library numbers requests, too; clients know the one that they are told.
        logger[metadataKey: Self.foreignID] = nil
        logger[metadataKey: LogKeys.requestID] = .string(requestID)
        return logger
    }

    private static let foreignID = "hb.request.id"

    /// - Parameter label: nil for what led nowhere.
    func count(_ response: Response, as label: HTTPRoute?, since start: ContinuousClock.Instant) {
        let label = label ?? .unknown
        Metrics.http.requests.count(label, StatusClass(code: response.status.code))
        Metrics.http.seconds.record(ContinuousClock.now - start, label)
    }

    func tell(
        _ response: Response, to request: Request, by pattern: String?, since start: ContinuousClock.Instant,
        _ logger: Logger
    ) {
        guard logger.logLevel <= .debug else { return }
        logger.debug(
            "A request was answered",
            metadata: [
                LogKeys.method: .string(request.method.rawValue),
                LogKeys.route: .string(pattern ?? "none"),
                LogKeys.status: .stringConvertible(response.status.code),
                LogKeys.durationMs: "\(Int((ContinuousClock.now - start) / .milliseconds(1)))",
            ])
    }

    /// The token is never logged; the details of a mistake are logged here and told to nobody.
    func log(_ error: any Error, as problem: Problem, _ method: HTTPRequest.Method, _ logger: Logger) {
        let metadata: Logger.Metadata = [
            LogKeys.status: .stringConvertible(problem.status.code), LogKeys.method: .string(method.rawValue),
            LogKeys.error: .string(error is Problem ? problem.detail : String(reflecting: error)),
        ]
        if error is Problem, problem.status == .serviceUnavailable, problem.headers[.retryAfter] != nil {
            // A limit that was reached is no mistake: clients wait and ask again.
            logger.notice("A request has to wait", metadata: metadata)
        } else if problem.status.code >= 500 {
            logger.error("A request could not be answered", metadata: metadata)
        } else {
            logger.debug("A request was refused", metadata: metadata)
        }
    }
}
