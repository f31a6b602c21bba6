import Logging
import Telemetry

/// Turns logging on, once in a process.
enum LogSetup {
    /// JSON goes to standard output, where collectors read it; lines for people to standard error.
    static func start(_ settings: Settings) -> Logger {
        let (level, format) = (settings.logLevel, settings.logFormat)
        let secrets = SecretText(settings.secrets)
        let lines = LineQueue(write: format == .json ? StandardOutput.write : StandardError.write) { count in
            format.line(
                LogRecord(
                    time: SystemClock.microseconds(), level: .warning, label: "sillon",
                    message: "Lines of this log were dropped: nobody took them",
                    metadata: [LogKeys.count: "\(count)"]))
        }
        LogEnd.register(lines)
        LoggingSystem.bootstrap(
            { label, provider in
                LineLogHandler(
                    label: label, level: level, format: format, now: SystemClock.microseconds,
                    metadataProvider: provider, secrets: secrets, write: lines.add)
            }, metadataProvider: .work)
        return Logger(label: "sillon")
    }
}
