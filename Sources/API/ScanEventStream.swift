import Domain
import Hummingbird
import NIOCore
import ServiceLifecycle
import UseCases

/// The progress of one scan as server-sent events, read from the store: it does not matter which process works.
package struct ScanEventStream: Sendable {
    /// How often the store is asked and the connection is kept warm.
    package struct Pace: Sendable {
        package var shortest = Duration.milliseconds(250)
        /// Between looks at a scan that does not change.
        package var longest = Duration.seconds(1)
        package var ping = Duration.seconds(15)
        /// Of a stream without an end of its own; then the client comes again, with a token that is still good or not.
        package var life = Duration.seconds(15 * 60)

        package init() {}
    }

    let scans: any ScanStore
    let first: Scan
    let pace: Pace

    /// Writes until the scan is over, the client is gone, or the server shuts down.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        var last = first
        var pause = pace.shortest
        var silence = Duration.zero
        try await writer.write(ScanEventStream.event("progress", last))
        while !last.state.isFinal, !Task.isShuttingDownGracefully {
            try await Task.sleep(for: pause)
            silence += pause
            let scan = try await current(or: last)
            if scan != last {
                try await writer.write(ScanEventStream.event("progress", scan))
                (last, pause, silence) = (scan, pace.shortest, .zero)
            } else {
                pause = min(pause * 2, pace.longest)
            }
            if silence >= pace.ping {
                try await writer.write(ByteBuffer(string: ": ping\n\n"))
                silence = .zero
            }
        }
        if last.state.isFinal { try await writer.write(ScanEventStream.event("end", last)) }
    }

    /// A store that is busy for the moment has no news.
    private func current(or last: Scan) async throws -> Scan {
        do {
            return try await scans.scan(id: last.id)
        } catch StoreError.retryable {
            return last
        }
    }

    /// As in `common/schemas/event`. JSON has no line breaks of its own, so one `data` line holds it.
    static func event(_ name: String, _ scan: Scan) -> ByteBuffer {
        var buffer = ByteBuffer(string: "event: \(name)\ndata: ")
        buffer.writeBytes(Shape<Scan>.scan.json(scan))
        buffer.writeString("\n\n")
        return buffer
    }
}
