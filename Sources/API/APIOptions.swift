import Logging
import Telemetry

/// Where the API listens and what it puts up with.
package struct APIOptions: Sendable {
    package var host: String
    /// 0 takes any free port.
    package var port: Int
    /// Names besides the loopback ones that a Host header may have while the API listens on loopback.
    package var allowedHosts: [String] = []
    package var maxConnections = 512
    /// A connection without a complete request for so long is closed.
    package var idleTimeoutSeconds = 60
    package var maxEventStreams = 256
    /// Who takes nothing of events for so long is disconnected.
    package var eventPatience = Duration.seconds(60)
    /// Files that workers elsewhere read at the same time.
    package var maxDownloads = 32
    /// Tracks that people listen to at the same time; a browser holds one as long as it plays.
    package var maxListeners = 64
    /// Who takes nothing of a file for so long is disconnected; a player that was paused comes back with a range.
    package var listenerPatience = Duration.seconds(600)
    /// A request that has no answer by then gets 503; event streams and long polls are left alone.
    package var requestLimit = Duration.seconds(15)
    /// The same for `/readyz`.
    package var readyLimit = Duration.seconds(2)
    /// Requests that were given up and still hang in the database; beyond these, new ones are refused at once.
    package var maxOverdueRequests = 256
    /// From which on the API itself tells of requests; the server below it tells of trouble only.
    package var logLevel: Logger.Level?
    /// Nil where no traces are made.
    package var recorder: TraceRecorder?
    package var pace = ScanEventStream.Pace()

    /// How long a token is taken at most after somebody else than this server revoked it.
    package static let revokedTokenSeconds = TokenCache.lifetime / 1_000_000

    /// Bytes of a request body; more is answered with 413.
    package static let maxBodyBytes = 1024 * 1024
    /// Bytes of all headers.
    package static let maxHeaderBytes = 16 * 1024
    /// Bytes of a target and headers together, which a connection may hold: players send long lists by GET. With as many
    /// connections as there may be, that is 40 MiB.
    static let maxHeadBytes = SubsonicParameters.maxTargetBytes + maxHeaderBytes
    package static let maxHeaderFields = 100

    package init(host: String = "127.0.0.1", port: Int = 8080) {
        self.host = host
        self.port = port
    }
}
