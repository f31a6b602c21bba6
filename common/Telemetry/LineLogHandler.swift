import Logging

/// A swift-log backend: one event is one line, handed to `write` whole.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: LogFormat
    /// Microseconds since the epoch.
    private let now: @Sendable () -> Int64
    private let secrets: SecretText
    private let write: @Sendable (String) -> Void

    package init(
        label: String, level: Logger.Level, format: LogFormat, now: @escaping @Sendable () -> Int64,
        metadataProvider: Logger.MetadataProvider? = nil, secrets: SecretText = .none,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.label = label
        logLevel = level
        self.format = format
        self.now = now
        self.metadataProvider = metadataProvider
        self.secrets = secrets
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, later in later } }
        if let own = event.metadata { all.merge(own) { _, later in later } }
        if let error = event.error { all[LogKeys.error] = "\(error)" }
        let record = LogRecord(
            time: now(), level: event.level, label: label, message: event.message.description, metadata: all,
            secrets: secrets)
        write(format.line(record))
    }
}
