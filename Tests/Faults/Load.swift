import Contracts
import Domain
import Foundation
import NIOCore
import Similarity
import Synchronization
import TestSupport

/// Clients that write down every id they were promised, before they ask for anything else. Each asks again with the
/// same key until it has an answer, whichever orchestrator gives it.
package final class Load: Sendable {
    /// What the clients know: ids by idempotency key.
    package struct Promises: Sendable {
        package var noops: [String: Int64] = [:]
        package var files: [String: Int64] = [:]
        package var scans: [String: (task: Int64, scan: String)] = [:]
        /// Promises that were broken on the spot: another id, or an answer that is none.
        package var problems: [String] = []
        package var requests = 0
        /// Requests that were refused because the database's disk is full.
        package var refusedForSpace = 0
        /// Keys that were asked for and never answered, because the run ended first.
        package var unanswered: [String] = []

        package var tasks: [String: Int64] {
            noops.merging(files) { first, _ in first }.merging(scans.mapValues(\.task)) { first, _ in first }
        }
    }

    private struct State {
        var promises = Promises()
        var isStopping = false
        var scanPercent: UInt64 = 3
    }

    private enum Kind {
        case noop, file, scan
        /// A scan that takes no file for known.
        case fullScan
        /// A no-op that goes before the others: how long it takes says nothing about how much there is to do.
        case probe
    }

    private let state = Mutex(State())
    private let fleet: ChaosFleet
    private let root: String
    private let files: [FilePath]
    private let seed: UInt64
    private let log: FileHandle

    private static let clients = 3
    private static let requestLimit = TimeAmount.seconds(20)
    private static let pause = Duration.milliseconds(15)
    private static let pauseAfterFailure = Duration.milliseconds(50)
    private static let filePercent: UInt64 = 40
    private static let repeatPercent: UInt64 = 10

    /// - Parameter log: the file of acknowledged ids; one line each, written before the next request.
    package init(_ fleet: ChaosFleet, root: String, seed: UInt64, log: String) throws {
        self.fleet = fleet
        self.root = root
        self.seed = seed
        files = try Self.soundFiles(below: root)
        try Data().write(to: URL(filePath: log))
        self.log = try FileHandle(forWritingTo: URL(filePath: log))
    }

    package var promises: Promises { state.withLock { $0.promises } }

    /// The share of scans among the requests from now on.
    package func mix(scanPercent: UInt64) {
        state.withLock { $0.scanPercent = scanPercent }
    }

    /// No new keys; what was asked for is asked for until it is answered.
    package func stop() {
        state.withLock { $0.isStopping = true }
    }

    /// Ends some time after `stop`.
    package func run() async {
        await promise("lab-\(seed)-first", .scan)
        await withTaskGroup(of: Void.self) { group in
            for client in 0..<Self.clients { group.addTask { await self.submit(client) } }
        }
    }

    private func submit(_ client: Int) async {
        var random = SplitMix64(seed: seed &+ UInt64(client) &* 7919)
        var number = 0
        while !state.withLock({ $0.isStopping }), !Task.isCancelled {
            number += 1
            let choice = random.next() % 100
            let scans = state.withLock { $0.scanPercent }
            let key = "lab-\(seed)-\(client)-\(number)"
            let kind: Kind = choice < scans ? .scan : choice < Self.filePercent ? .file : .noop
            let file = files[Int(random.next() % UInt64(files.count))]
            await promise(key, kind, file)
            // A client whose answer got lost asks again.
            if random.next() % 100 < Self.repeatPercent { await promise(key, kind, file) }
            try? await Task.sleep(for: Self.pause)  // only cancellation throws here, and it ends the loop
        }
    }

    /// A no-op through one orchestrator: shows that it works. False when the time was up first.
    package func probe(_ client: Client, key: String, until deadline: ContinuousClock.Instant) async -> Bool {
        await promise(key, .probe, through: client, until: deadline)
        guard let id = state.withLock({ $0.promises.noops[key] }) else { return false }
        while ContinuousClock.now < deadline {
            // A failed question is no answer, and the deadline ends the asking.
            let task = try? await client.ask(.get, "/v1/tasks/\(id)")  // no answer is asked for again
            if let task, task["state"]?.text == "done" { return true }
            try? await Task.sleep(for: Self.pauseAfterFailure)  // only cancellation throws here
        }
        return false
    }

    package func isReady(_ client: Client) async -> Bool {
        // No answer is an answer.
        (try? await client.send(.get, "/readyz", limit: .seconds(5)).status) == 200  // no answer counts as no
    }

    /// A no-op with this key, which may have been asked for before; returns when there is an answer.
    package func askAgain(_ key: String) async {
        await promise(key, .noop)
    }

    /// A scan that gives every file of the library to the workers once more; returns when it is acknowledged.
    package func scanInFull(_ key: String) async {
        await promise(key, .fullScan)
    }

    private func promise(
        _ key: String, _ kind: Kind, _ file: FilePath? = nil, through one: Client? = nil,
        until deadline: ContinuousClock.Instant? = nil
    ) async {
        state.withLock { $0.promises.unanswered.append(key) }
        let (path, body) = request(kind, file)
        var turn = key.utf8.reduce(0) { $0 &+ Int($1) }
        while !Task.isCancelled, deadline.map({ ContinuousClock.now < $0 }) ?? true {
            let clients = fleet.clients
            turn += 1
            if let client = one ?? (clients.isEmpty ? nil : clients[turn % clients.count]),
                await ask(client, key, kind, path, body)
            {
                return state.withLock { $0.promises.unanswered.removeAll { $0 == key } }
            }
            try? await Task.sleep(for: Self.pauseAfterFailure)  // only cancellation throws here, and it ends the loop
        }
    }

    /// True when the answer is final.
    private func ask(_ client: Client, _ key: String, _ kind: Kind, _ path: String, _ body: JSONValue) async -> Bool {
        state.withLock { $0.promises.requests += 1 }
        do {
            let answer = try await client.send(
                .post, path, body, headers: ["Idempotency-Key": key], limit: Self.requestLimit)
            if answer.status == 202 {
                try record(key, kind, try answer.json)
                return true
            }
            if answer.status == 507 { state.withLock { $0.promises.refusedForSpace += 1 } }
            if [429, 503, 507].contains(answer.status) { return false }
            state.withLock { $0.promises.problems.append("\(key): \(answer.status) \(answer.body)") }
            return true
        } catch {
            return false  // the server is being killed; whatever it did with the request, the key makes it one
        }
    }

    private func request(_ kind: Kind, _ file: FilePath?) -> (path: String, body: JSONValue) {
        switch (kind, file) {
        case (.scan, _): return ("/v1/scans", ["path": .string(root)])
        case (.fullScan, _): return ("/v1/scans", ["path": .string(root), "mode": "full"])
        case (.file, let file?):
            let payload: JSONValue = ["file_path": .string(file.encoded), "root_path": .string(root)]
            return ("/v1/tasks", ["task": "index_file", "version": 1, "payload": payload])
        case (.probe, _): return ("/v1/tasks", ["task": "noop", "version": 1, "payload": [:], "priority": "high"])
        case (.file, nil), (.noop, _): return ("/v1/tasks", ["task": "noop", "version": 1, "payload": [:]])
        }
    }

    private func record(_ key: String, _ kind: Kind, _ answer: JSONValue) throws {
        try state.withLock { state in
            guard let id = answer["task_id"]?.int else { return state.promises.problems.append("\(key): \(answer)") }
            let scan = answer["scan_id"]?.text
            try log.write(contentsOf: Data("\(key) \(id) \(scan ?? "-")\n".utf8))
            if let known = state.promises.tasks(key), known != id {
                state.promises.problems.append("\(key) was task \(known) and is now \(id)")
            }
            switch kind {
            case .noop, .probe: state.promises.noops[key] = id
            case .file: state.promises.files[key] = id
            case .scan, .fullScan: state.promises.scans[key] = (id, scan ?? "")
            }
        }
    }

    private static func soundFiles(below root: String) throws -> [FilePath] {
        let formats: Set = ["mp3", "flac", "ogg", "opus", "m4a", "wav", "aiff"]
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        let files = names.filter { formats.contains(URL(filePath: $0).pathExtension) && !$0.hasPrefix(".") }
        guard !files.isEmpty else { throw TimedOut(description: "there is no music in \(root)") }
        return files.sorted().map { FilePath(root + "/" + $0) }
    }
}

extension Load.Promises {
    fileprivate func tasks(_ key: String) -> Int64? { noops[key] ?? files[key] ?? scans[key]?.task }
}
