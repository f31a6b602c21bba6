import AsyncHTTPClient
import Domain
import Foundation
import NIOCore
import NIOHTTP1

/// Follows a scan to its end: over server-sent events, or by asking again and again where those do not get through.
struct ScanFollower: Sendable {
    let client: APIClient
    let id: String

    /// A stream that says nothing for so long is taken for dead.
    private static let silence = TimeAmount.seconds(45)
    private static let pollInterval = Duration.seconds(1)
    /// Tries without an answer in between, a second apart, before the server is given up.
    private static let maxFailures = 30

    /// Calls `show` with every state that is seen, the last one included, and answers that one.
    func follow(_ show: @escaping @Sendable (ScanView) async throws -> Void) async throws -> ScanView {
        var failures = 0
        while true {
            do {
                // A stream that breaks off is no error: the next round asks for the state and opens another.
                if let last = try await stream(show) { return last }
                failures = 0
            } catch let error as CommandError where error.exitStatus == .unreachable {
                failures += 1
                guard failures < Self.maxFailures else { throw error }
            }
            try await Task.sleep(for: Self.pollInterval)
            do {
                let scan = try await client.get("/v1/scans/\(id)").decode(ScanView.self)
                failures = 0
                try await show(scan)
                if scan.isEnded { return scan }
            } catch let error as CommandError where error.exitStatus == .unreachable {
                failures += 1
                guard failures < Self.maxFailures else { throw error }
            }
        }
    }

    /// Nil when the stream ended before the scan did.
    private func stream(_ show: @Sendable (ScanView) async throws -> Void) async throws -> ScanView? {
        var request = try client.request(.GET, "/v1/scans/\(id)/events")
        request.headers.replaceOrAdd(name: "accept", value: "text/event-stream")
        let response = try await client.execute(request, deadline: .distantFuture)
        var parser = ServerSentEvents()
        do {
            for try await chunk in response.body {
                for event in try parser.feed(chunk.readableBytesView) {
                    let answer = Answer(bytes: Array(event.data.utf8))
                    // An event of a kind that this build does not know is passed over.
                    guard let scan = try? answer.decode(ScanView.self) else { continue }  // as said above
                    try await show(scan)
                    if scan.isEnded { return scan }
                }
            }
        } catch let error as CommandError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return nil
        }
        return nil
    }
}
