import Logging
import Telemetry

/// Turns logging on, once in a process.
enum LogSetup {
    static func start(_ settings: Settings) -> Logger {
        let (level, format) = (settings.logLevel, settings.logFormat)
        LoggingSystem.bootstrap { label in
            LineLogHandler(
                label: label, level: level, format: format, now: SystemClock.microseconds, write: StandardError.write)
        }
        return Logger(label: "sillon")
    }
}
