import AsyncHTTPClient
import Domain
import Files
import NIOCore
import NIOHTTP1
import UseCases

/// Fetches the file of a leased task. A download that is cut goes on where it stopped, as long as the file is the same.
struct FileFetch: Sendable {
    let server: ServerConnection

    /// Times in a row that nothing arrives before the attempt is given up.
    private static let failuresMax = 20
    private static let headTimeout = Duration.seconds(30)
    /// A large file over a slow line; a line that stands still is noticed far earlier.
    private static let bodyTimeout = Duration.seconds(6 * 3600)

    /// What has arrived so far.
    private struct Progress {
        var bytes: Int64 = 0
        var tag: String?
        var facts: FileFacts?

        var isComplete: Bool { facts?.size == bytes }
    }

    /// What the server's `lstat` says of the file.
    func facts(_ lease: Lease) async throws -> FileFacts {
        try await repeating { _ in
            let response = try await server.download(request(.HEAD, lease), Self.headTimeout)
            if !(200..<300).contains(response.status.code) {
                // Only the answer to a GET says why.
                try await refuse(try await server.download(request(.GET, lease), Self.headTimeout))
                throw StoreError.retryable(afterSeconds: 0, "the server changed its mind about the file")
            }
            return try Self.facts(response)
        }
    }

    /// - Parameter bytesMax: a file that has grown beyond this is a changed file.
    func run(_ lease: Lease, into file: CacheFile, bytesMax: Int64) async throws -> FileFacts {
        var progress = Progress()
        return try await repeating { failures in
            let before = progress.bytes
            defer { if progress.bytes > before { failures = 0 } }
            try await more(lease, into: file, bytesMax, &progress)
            guard progress.isComplete, let facts = progress.facts else {
                throw StoreError.retryable(afterSeconds: 0, "the download was cut")
            }
            return facts
        }
    }

    /// One request for what is missing.
    private func more(_ lease: Lease, into file: CacheFile, _ bytesMax: Int64, _ progress: inout Progress) async throws
    {
        var request = request(.GET, lease)
        if let tag = progress.tag, progress.bytes > 0 {
            request.headers.add(name: "range", value: "bytes=\(progress.bytes)-")
            request.headers.add(name: "if-range", value: tag)
        }
        let response = try await server.download(request, Self.bodyTimeout)
        try await refuse(response)
        if response.status != .partialContent {
            try await file.truncate(to: 0)
            progress = Progress(tag: response.headers.first(name: "etag"), facts: try Self.facts(response))
        }
        guard let size = progress.facts?.size, size <= bytesMax else {
            throw Failure(.fileChanged, "the file has grown since its task was made")
        }
        var pieces = response.body.makeAsyncIterator()
        while let piece = try await ServerConnection.reading({ try await pieces.next() }) {
            guard progress.bytes + Int64(piece.readableBytes) <= size else {
                throw Failure(.ioError, "the server sent more than the file has")
            }
            try await file.write(Array(piece.readableBytesView), at: progress.bytes)
            progress.bytes += Int64(piece.readableBytes)
        }
    }

    private func request(_ method: HTTPMethod, _ lease: Lease) -> HTTPClientRequest {
        server.request(method, "/v1/tasks/\(lease.taskID)/file?lease=\(lease.token)")
    }

    /// Why a file cannot be read is the task's failure; the rest is the connection's.
    private func refuse(_ response: HTTPClientResponse) async throws {
        guard !(200..<300).contains(response.status.code) else { return }
        let body = try await ServerConnection.reading { try await response.body.collect(upTo: Self.problemBytesMax) }
        if let name = response.headers.first(name: "sillon-failure-reason") {
            throw Failure(
                Failure.Reason(rawValue: name) ?? .ioError, ServerConnection.detail(body) ?? "the file cannot be read")
        }
        try server.check(response, body)
    }

    private static let problemBytesMax = 64 * 1024

    /// Calls `body` again after what time may heal; it may set the count of failures back.
    private func repeating<Result: Sendable>(
        _ body: (inout Int) async throws -> Result
    ) async throws -> Result {
        var failures = 0
        while true {
            do {
                return try await body(&failures)
            } catch StoreError.retryable(let seconds, let text) {
                failures += 1
                guard failures < Self.failuresMax else {
                    throw Failure(.ioError, "the file cannot be fetched: \(text)")
                }
                let pause = Backoff().pause(failures: failures, asked: seconds, unit: .random(in: 0..<1))
                try await Task.sleep(for: pause)
            } catch StoreError.preconditionFailed(let text) {
                throw Failure(.ioError, "the file cannot be fetched: \(text)")
            }
        }
    }

    /// `size=…; mtime_ns=…; inode=…; device=…`
    private static func facts(_ response: HTTPClientResponse) throws -> FileFacts {
        var numbers: [Substring: Int64] = [:]
        for part in (response.headers.first(name: "sillon-file-facts") ?? "").split(separator: ";") {
            let pair = part.drop { $0 == " " }.split(separator: "=")
            if pair.count == 2, let number = Int64(pair[1]) { numbers[pair[0]] = number }
        }
        guard let size = numbers["size"], size >= 0, let mtimeNs = numbers["mtime_ns"], let inode = numbers["inode"],
            let device = numbers["device"]
        else { throw StoreError.fatal("the server does not say which file it sends") }
        return FileFacts(size: size, mtimeNs: mtimeNs, inode: inode, device: device)
    }
}
