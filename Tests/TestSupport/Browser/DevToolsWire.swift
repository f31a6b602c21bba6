import Contracts
import Foundation
import Glibc
import Synchronization

/// Messages to and from a Chromium: JSON with a NUL after each, to its descriptor 3 and from its descriptor 4.
final class DevToolsWire: Sendable {
    private struct State {
        var lastID: Int64 = 0
        var waiting: [Int64: CheckedContinuation<JSONValue, any Error>] = [:]
        var events: [JSONValue] = []
        var isClosed = false
    }

    private let process: SpawnedProcess
    private let output: FileHandle
    private let state = Mutex(State())

    private static let arguments = [
        "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
        "--no-first-run", "--mute-audio", "--autoplay-policy=no-user-gesture-required", "--hide-scrollbars",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--password-store=basic",
    ]

    init(in lab: Lab) throws {
        let (commands, answers) = (Pipe(), Pipe())
        // Above the numbers that the child knows them by, so that none is in the way of another.
        let ours = [commands.fileHandleForReading, answers.fileHandleForWriting].map {
            fcntl($0.fileDescriptor, F_DUPFD_CLOEXEC, 10)
        }
        defer { ours.forEach { Glibc.close($0) } }
        process = try lab.start(
            Self.arguments + ["--user-data-dir=\(lab.folder)/browser", "about:blank"], program: "chromium",
            descriptors: [3: ours[0], 4: ours[1]])
        output = commands.fileHandleForWriting
        let input = answers.fileHandleForReading
        // Reads until the browser ends; the pipe is closed then.
        Thread { [weak self] in Self.read(input) { self?.take($0) } }.start()
    }

    /// Everything that was not an answer.
    var events: [JSONValue] { state.withLock { $0.events } }

    func send(_ method: String, _ parameters: JSONValue = [:], session: String? = nil) async throws -> JSONValue {
        let answer = try await withCheckedThrowingContinuation { continuation in
            let id = state.withLock { state -> Int64? in
                guard !state.isClosed else { return nil }
                state.lastID += 1
                state.waiting[state.lastID] = continuation
                return state.lastID
            }
            guard let id else { return continuation.resume(throwing: Self.gone) }
            var message: [String: JSONValue] = [
                "id": .integer(id), "method": .string(method), "params": parameters,
            ]
            if let session { message["sessionId"] = .string(session) }
            do {
                try output.write(contentsOf: Data(ContractJSON.encode(JSONValue.object(message)).utf8) + [0])
            } catch {
                // The reader sees the end, too, and one of both answers.
                state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: error)
            }
        }
        if let error = answer["error"] { throw Browser.Failed(description: "\(method): \(error)") }
        return answer["result"] ?? .null
    }

    func close() async throws {
        do {
            _ = try await send("Browser.close")
        } catch is Browser.Failed {
            // It may be gone before it answers.
        }
        _ = try await process.waitForExit()
    }

    private static let gone = Browser.Failed(description: "the browser has ended")

    /// Nil at the end.
    private static func read(_ input: FileHandle, _ take: (JSONValue?) -> Void) {
        var rest = Data()
        while case let data = input.availableData, !data.isEmpty {
            rest += data
            while let end = rest.firstIndex(of: 0) {
                let text = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
                rest = Data(rest[(end + 1)...])
                do {
                    take(try ContractJSON.decode(JSONValue.self, from: text))
                } catch {
                    print("the browser said what is no JSON: \(text.prefix(200))")
                }
            }
        }
        take(nil)
    }

    private func take(_ message: JSONValue?) {
        let resumed = state.withLock { state -> [CheckedContinuation<JSONValue, any Error>] in
            guard let message else {
                state.isClosed = true
                defer { state.waiting = [:] }
                return Array(state.waiting.values)
            }
            guard let id = message["id"]?.int else {
                state.events.append(message)
                return []
            }
            return state.waiting.removeValue(forKey: id).map { [$0] } ?? []
        }
        for continuation in resumed {
            if let message { continuation.resume(returning: message) } else { continuation.resume(throwing: Self.gone) }
        }
    }
}
