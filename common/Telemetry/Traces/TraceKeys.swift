/// The names that data may have in a span: OpenTelemetry's semantic conventions (1.27), and `sillon.` for our own.
enum TraceKeys {
    static let errorType = "error.type"
    static let exceptionType = "exception.type"

    static let httpMethod = "http.request.method"
    static let httpRoute = "http.route"
    static let httpStatus = "http.response.status_code"
    static let urlScheme = "url.scheme"
    static let serverAddress = "server.address"
    static let serverPort = "server.port"
    static let requestID = "sillon.request.id"

    static let messagingSystem = "messaging.system"
    static let messagingOperation = "messaging.operation.name"
    static let messagingType = "messaging.operation.type"
    static let messagingDestination = "messaging.destination.name"
    static let messagingID = "messaging.message.id"
    static let taskRun = "sillon.task.run"
    static let taskOutcome = "sillon.task.outcome"
    static let scanID = "sillon.scan.id"
    static let trackID = "sillon.track.id"
    static let worker = "sillon.worker.id"

    static let hostJob = "sillon.media_host.job"
    static let hostMemory = "sillon.media_host.peak_memory"
    static let processID = "process.pid"
    static let service = "sillon.service"
}
