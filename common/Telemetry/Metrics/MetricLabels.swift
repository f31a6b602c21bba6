import Domain

// The labels that metrics have. Each is a closed set.

extension TaskKind: EnumLabel {
    package static var names: [String] { ["role", "kind"] }
    package var values: [String] { [role.rawValue, rawValue] }
}

extension Role: EnumLabel {
    package static var names: [String] { ["role"] }
}

extension TaskState: EnumLabel {
    package static var names: [String] { ["state"] }
}

extension Failure.Reason: EnumLabel {
    package static var names: [String] { ["reason"] }
}

extension ServiceID: EnumLabel {
    package static var names: [String] { ["service"] }
}

/// How one run of a task ended.
package enum RunEnding: String, EnumLabel {
    case succeeded
    /// It failed and is tried again.
    case retried
    /// It failed for good: a dead letter.
    case died
    /// Its worker was lost, or it ran past its deadline: rescued.
    case lost
    case cancelled
    /// Handed back, or its service is away: no attempt.
    case released
    /// Of a version that its worker does not know.
    case parked

    package static var names: [String] { ["ending"] }
}

/// How a task left the queue for good.
package enum TaskEnd: String, EnumLabel {
    case done, cancelled

    package static var names: [String] { ["state"] }
}

/// Whether the worker that holds a lease still lives.
package enum LeaseHolder: String, EnumLabel {
    case alive, lost

    package static var names: [String] { ["holder"] }
}

package enum WorkerState: String, EnumLabel {
    case working, draining

    package static var names: [String] { ["state"] }
}

package enum BrokerCall: String, EnumLabel {
    case register, lease, renew, settle, cancellations

    package static var names: [String] { ["call"] }
}

/// What a media host is for.
package enum HostDuty: String, EnumLabel {
    case tags, audio, picture, transcode

    package static var names: [String] { ["duty"] }
}

/// Why a media host was replaced.
package enum HostRestart: String, EnumLabel {
    /// It crashed on a file.
    case crashed
    /// It took too long, or used up its processor time.
    case timeout
    /// It answered nonsense.
    case nonsense
    /// Nobody waited for its answer any more.
    case cancelled
    /// It took more memory than it may have.
    case memory
    /// It had served for long enough, or died between two files.
    case retired
    /// It could not be started.
    case failed

    package static var names: [String] { ["reason"] }
}

/// What is sent to somebody who listens.
package enum StreamKind: String, EnumLabel {
    case original, transcode

    package static var names: [String] { ["kind"] }
}

extension TranscodeFormat: EnumLabel {
    package static var names: [String] { ["format"] }
}

/// How an encoding ended.
package enum TranscodeEnd: String, EnumLabel {
    case done
    case failed
    /// Its listener went away.
    case stopped
    /// There were too many: it did not begin.
    case refused

    package static var names: [String] { ["ending"] }
}

/// Where something was looked for before it was made anew.
package enum CacheLevel: String, EnumLabel {
    /// An analysis of the same content, by content key.
    case analysis
    case textVectorMemory
    case textVectorRedis
    case cover
    /// A file of the server in a folder that is mapped, on a worker elsewhere; else it is fetched.
    case mappedFile
    case token

    package static var names: [String] { ["cache", "level"] }

    package var values: [String] {
        switch self {
        case .analysis: ["analysis", "database"]
        case .textVectorMemory: ["text_vector", "memory"]
        case .textVectorRedis: ["text_vector", "redis"]
        case .cover: ["cover", "disk"]
        case .mappedFile: ["mapped_file", "disk"]
        case .token: ["token", "memory"]
        }
    }
}

package enum CacheResult: String, EnumLabel {
    case hit, miss

    package static var names: [String] { ["result"] }
}

package enum DatabaseAccess: String, EnumLabel {
    case read, write

    package static var names: [String] { ["access"] }
}

/// How a transaction failed.
package enum DatabaseError: String, EnumLabel {
    /// It may pass: busy, connection lost, too many at once.
    case retryable
    case outOfSpace = "out_of_space"
    case fatal

    package static var names: [String] { ["error"] }
}

package enum PoolState: String, EnumLabel {
    case busy, waiting

    package static var names: [String] { ["state"] }
}

package enum BreakerState: String, EnumLabel {
    case unknown, closed, open, blocked
    case halfOpen = "half_open"

    package static var names: [String] { ["state"] }
}

/// What came of a request to a service outside.
package enum ServiceResult: String, EnumLabel {
    case answered, failed

    package static var names: [String] { ["result"] }
}

/// Why a scan was started without anybody asking.
package enum UpkeepCause: String, EnumLabel {
    case watch, schedule

    package static var names: [String] { ["cause"] }
}

package enum OpenScanState: String, EnumLabel {
    case queued, running

    package static var names: [String] { ["state"] }
}

/// What a scan did with a file.
package enum ScanStep: String, EnumLabel {
    case found, unchanged, refused, moved, missing, indexed, analyzed, vectorized, cached, failed

    package static var names: [String] { ["step"] }
}

package enum ScanTasks: String, EnumLabel {
    case queued, done

    package static var names: [String] { ["state"] }
}

/// A route of the API. Patterns, never paths: their number is that of the routes.
package struct HTTPRoute: MetricLabel {
    let method: String
    let pattern: String

    package static var names: [String] { ["method", "route"] }
    package static var all: [[String]]? { nil }
    /// There are fewer routes; a test counts them.
    package static var countMax: Int { 320 }
    package var values: [String] { [method, pattern] }

    package init(method: String, pattern: String) {
        self.method = method
        self.pattern = pattern
    }

    /// What leads to no route.
    package static let unknown = HTTPRoute(method: "other", pattern: "unknown")
}

package enum StatusClass: String, EnumLabel {
    case informational = "1xx"
    case success = "2xx"
    case redirection = "3xx"
    case clientError = "4xx"
    case serverError = "5xx"

    package static var names: [String] { ["status"] }

    package init(code: Int) {
        switch code {
        case ..<200: self = .informational
        case ..<300: self = .success
        case ..<400: self = .redirection
        case ..<500: self = .clientError
        default: self = .serverError
        }
    }
}

/// What holds a Raspberry Pi back at the moment.
package enum Throttling: String, EnumLabel {
    case undervoltage
    case frequencyCapped = "frequency_capped"
    case throttled
    case softTemperatureLimit = "soft_temperature_limit"

    package static var names: [String] { ["cause"] }
}

/// A folder that is written to.
package enum WrittenFolder: String, EnumLabel {
    case data, cache

    package static var names: [String] { ["folder"] }
}

/// What is running. One value in each process.
package struct BuildLabel: MetricLabel {
    let version: String
    let engine: String

    package static var names: [String] { ["version", "engine"] }
    package static var all: [[String]]? { nil }
    package static var countMax: Int { 1 }
    package var values: [String] { [version, engine] }

    package init(version: String, engine: String) {
        self.version = version
        self.engine = engine
    }
}

/// What became of a span.
package enum SpanEnd: String, EnumLabel {
    case sent
    /// By the receiver, for good.
    case refused
    /// The receiver was away for too long.
    case lost
    /// Too many waited.
    case dropped

    package static var names: [String] { ["end"] }
}
