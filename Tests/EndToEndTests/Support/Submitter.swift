import Contracts
import Domain
import NIOCore
import Synchronization

/// A client that writes down every id it was promised. It asks again with the same key until it has an answer.
final class Submitter: Sendable {
    struct Ledger: Sendable {
        /// Task ids by idempotency key.
        var tasks: [String: Int64] = [:]
        var scans: [String: String] = [:]
        /// Promises that were broken on the spot: another id, or an answer that is none.
        var problems: [String] = []
        var attempts = 0
    }

    private let ledger = Mutex(Ledger())
    private let fleet: Fleet
    private let files: [FilePath]
    private let root: String

    init(_ fleet: Fleet, root: String, files: [FilePath]) {
        self.fleet = fleet
        self.root = root
        self.files = files
    }

    var promised: Ledger { ledger.withLock { $0 } }

    /// Submits one thing after another until it is cancelled.
    func run(seed: UInt64) async {
        var random = SplitMix(seed: seed)
        var number = 0
        while !Task.isCancelled {
            number += 1
            let choice = random.next() % 100
            let key = "chaos-\(seed)-\(number)"
            if number == 1 || choice < 3 {
                await promise(key, "/v1/scans", ["path": .string(root)])
            } else if choice < 40 {
                let file = files[Int(random.next() % UInt64(files.count))]
                let payload: JSONValue = ["file_path": .string(file.encoded), "root_path": .string(root)]
                await promise(key, "/v1/tasks", ["task": "index_file", "version": 1, "payload": payload])
            } else {
                await promise(key, "/v1/tasks", ["task": "noop", "version": 1, "payload": [:]])
                // A client whose answer got lost asks again.
                if choice > 90 {
                    await promise(key, "/v1/tasks", ["task": "noop", "version": 1, "payload": [:]])
                }
            }
            try? await Task.sleep(for: .milliseconds(15))  // only cancellation throws here, and it ends the loop
        }
    }

    private func promise(_ key: String, _ path: String, _ body: JSONValue) async {
        while !Task.isCancelled {
            ledger.withLock { $0.attempts += 1 }
            do {
                let answer = try await fleet.api.send(
                    .post, path, body, headers: ["Idempotency-Key": key], limit: .seconds(15))
                if answer.status == 202 { return record(key, try answer.json) }
                if ![503, 507, 409].contains(answer.status) {
                    ledger.withLock { $0.problems.append("\(key): \(answer.status) \(answer.body)") }
                }
                if answer.status == 409 { return }
            } catch {
                // The server is being killed; whatever it did with the request, the key makes it one.
            }
            try? await Task.sleep(for: .milliseconds(30))  // only cancellation throws here, and it ends the loop
        }
    }

    private func record(_ key: String, _ answer: JSONValue) {
        ledger.withLock { ledger in
            guard let id = answer["task_id"]?.int else { return ledger.problems.append("\(key): \(answer)") }
            if let known = ledger.tasks[key], known != id {
                ledger.problems.append("\(key) was task \(known) and is now \(id)")
            }
            ledger.tasks[key] = id
            if let scan = answer["scan_id"]?.text { ledger.scans[key] = scan }
        }
    }
}
