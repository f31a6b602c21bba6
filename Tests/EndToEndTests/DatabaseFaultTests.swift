import Contracts
import Dispatch
import Domain
import Foundation
import Glibc
import Persistence
import TestSupport
import Testing

/// What the server does when its database is not what it should be.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct DatabaseFaultTests {
    @Test("A file that is no database stops the start with one line, and stays as it is")
    func noDatabase() async throws {
        let lab = try Lab()
        try FileManager.default.createDirectory(atPath: lab.data, withIntermediateDirectories: true)
        let text = Data(String(repeating: "This is a letter to my grandmother.\n", count: 300).utf8)
        try text.write(to: URL(filePath: lab.data + "/sillon.db"))
        let end = try await lab.run(["up", "--data", lab.data, "--port", "0"])
        expectRefusal(end, "database")
        #expect(FileManager.default.contents(atPath: lab.data + "/sillon.db") == text)
    }

    @Test("A schema from the future stops the start with one line, and keeps all that it holds")
    func newerSchema() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab)
        #expect(try await server.stop() == .code(0))
        do {
            let rows = try Rows(lab)
            _ = try await rows.database.write { connection in
                try connection.execute("INSERT INTO schema_migration VALUES (99, 'tomorrow', 'x', 1)")
            }
            try rows.database.close()
        }
        let before = try await everything(lab)
        for command in [["up", "--port", "0"], ["migrate", "up"], ["migrate", "down", "--to", "0"]] {
            expectRefusal(try await lab.run(command + ["--data", lab.data]), "newer")
            #expect(try await everything(lab) == before, "\(command)")
        }
    }

    @Test(
        "Every command ends with 78 on a schema from the future, and shows what is there", arguments: Engine.available)
    func newerSchemaCode(_ engine: Engine) async throws {
        let lab = try Lab(engine)
        let place = (["--data", lab.data], lab.databaseVariables)
        #expect(try await lab.run(["migrate", "up"] + place.0, environment: place.1).exit == .code(0))
        let backup = lab.folder + "/backup"
        let rows = try Rows(lab)
        _ = try await rows.database.write { connection in
            try connection.execute("INSERT INTO schema_migration VALUES (99, 'tomorrow', 'x', 1)")
        }
        try await rows.database.emptyLog()
        try rows.database.close()
        try write(backup, of: lab)
        for command in [
            ["up", "--port", "0"], ["migrate", "up"], ["migrate", "down"], ["tasks", "stuck"], ["tasks", "prune"],
            ["doctor", "--database"], ["backup", lab.folder + "/second"], ["restore", backup, "--force"],
        ] {
            let end = try await lab.run(command + place.0, environment: place.1)
            #expect(end.exit == .code(78) && end.errors.contains("newer"), "\(command): \(end.exit) \(end.errors)")
        }
        let status = try await lab.run(["migrate", "status"] + place.0, environment: place.1)
        #expect(status.exit == .code(0))
        #expect(status.output.split(separator: "\n").last?.contains("tomorrow") == true, "\(status.output)")
    }

    /// As a newer build would have written it.
    private func write(_ backup: String, of lab: Lab) throws {
        if let server = lab.server {
            try Tool.run("pg_dump", ["--format=custom", "--no-owner", "--file=\(backup)", "--dbname=\(server.url)"])
        } else {
            try FileManager.default.copyItem(atPath: lab.data + "/sillon.db", toPath: backup)
        }
    }

    /// All that a database holds. Not its bytes: opening a pool may write an empty change.
    private func everything(_ lab: Lab) async throws -> [String] {
        let rows = try Rows(lab)
        let schema: Query = """
            SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master
            UNION ALL SELECT 'user_version ' || user_version FROM pragma_user_version ORDER BY 1
            """
        let (parts, tables) = try await rows.database.read { connection in
            (
                try connection.all(schema) { $0.text(0) ?? "" },
                try connection.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1") {
                    $0.text(0) ?? ""
                }
            )
        }
        let content = try await rows.dump(tables)
        try rows.database.close()
        return parts + content
    }

    @Test("A second server on the same data folder is refused, and the first goes on")
    func twoServers() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab)
        for command in ["up", "serve"] {
            let end = try await lab.run([command, "--data", lab.data, "--port", "0"])
            expectRefusal(end, "already runs")
            #expect(end.errors.contains("\(server.process.id)"), "it should name the other process")
        }
        #expect(try await server.api.send(.get, "/v1/library").status == 200)
    }

    @Test("Two first starts at once end in one server and one refusal")
    func race() async throws {
        for _ in 0..<5 {
            let lab = try Lab()
            let line = ["up", "--data", lab.data, "--port", "0"]
            let both = [try lab.start(line), try lab.start(line)]
            let loser = try await until("one of the two gives up") { both.first { $0.exit != nil } }
            #expect(loser.exit == .code(1))
            let winner = try #require(both.first { $0.id != loser.id })
            try await until("the other one listens") { winner.words.contains("listens on") }
            winner.signal(SIGTERM)
            #expect(try await winner.waitForExit() == .code(0))
        }
    }

    @Test("A start that is killed at any moment does not spoil the next one")
    func killedStarts() async throws {
        let lab = try Lab()
        var random = SplitMix64(seed: 5)
        for _ in 0..<12 {
            let process = try lab.start(["up", "--data", lab.data, "--port", "0"])
            let limit = Duration.milliseconds(Int(random.next() % 250))
            let start = ContinuousClock.now
            while ContinuousClock.now - start < limit { await Task.yield() }
            process.kill()
        }
        let server = try await ServerProcess.start(lab)
        #expect(try await Rows(lab).damage() == [])
        #expect(try await server.stop() == .code(0))
    }

    @Test("A stop that comes at any moment of the start is heard")
    func stoppedStarts() async throws {
        let lab = try Lab()
        var random = SplitMix64(seed: 6)
        for number in 0..<24 {
            let process = try lab.start(["up", "--data", lab.data, "--port", "0"])
            // From here on the signal is not the shell's default any more.
            try await until("start \(number)") { process.words.contains("listens on") }
            let limit = Duration.milliseconds(Int(random.next() % 8))
            let start = ContinuousClock.now
            while ContinuousClock.now - start < limit { await Task.yield() }
            process.signal(SIGTERM)
            #expect(try await process.waitForExit() == .code(0), "start \(number)")
        }
    }

    @Test("A data folder that cannot be written is refused with one line")
    func readOnlyFolder() async throws {
        let lab = try Lab()
        guard let wrapper = try await OtherUser.wrapper(for: lab) else { return }
        try FileManager.default.createDirectory(atPath: lab.data, withIntermediateDirectories: true)
        chmod(lab.data, 0o555)
        defer { chmod(lab.data, 0o755) }
        expectRefusal(try await lab.run(["up", "--data", lab.data, "--port", "0"], wrapper: wrapper), "data folder")
        #expect(try FileManager.default.contentsOfDirectory(atPath: lab.data).isEmpty)
    }

    @Test("A damaged database works, or stops the start with one line and stays as it is")
    func damage() async throws {
        let library = try await Library()
        let server = try await library.served()
        #expect(try await server.stop() == .code(0))
        let file = library.lab.data + "/sillon.db"
        let sound = try #require(FileManager.default.contents(atPath: file))
        var random = SplitMix64(seed: 42)
        var refused = 0
        for number in 0..<16 {
            var damaged = sound
            if number < 4 {
                damaged = damaged.prefix(Int(random.next() % UInt64(sound.count)))
            } else {
                for _ in 0..<(number < 10 ? 1 : 200) {
                    damaged[Int(random.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: random.next())
                }
            }
            for name in ["-wal", "-shm"] { unlink(file + name) }
            try damaged.write(to: URL(filePath: file))
            if try await startsOrRefuses(library.lab, damaged, "case \(number)") == false { refused += 1 }
        }
        print("\(refused) of 16 damaged databases were refused")
        #expect(refused > 0)
    }

    /// True when it started. Then its answers must be answers, and its database sound.
    private func startsOrRefuses(_ lab: Lab, _ bytes: Data, _ name: String) async throws -> Bool {
        let process = try lab.start(["up", "--data", lab.data, "--port", "0"])
        let isUp = try await until("it starts or stops: \(name)") { () -> Bool? in
            if process.exit != nil { return false }
            return process.words.contains("listens on") ? true : nil
        }
        guard isUp else {
            let end = Lab.Finished(
                exit: try await process.waitForExit(), output: Lab.text(process.output),
                errors: Lab.text(process.errors))
            expectRefusal(end, "damaged", or: "database")
            #expect(FileManager.default.contents(atPath: lab.data + "/sillon.db") == bytes, "\(name)")
            return false
        }
        process.signal(SIGTERM)
        #expect(try await process.waitForExit() == .code(0), "\(name)")
        #expect(try await Rows(lab).damage() == [], "\(name)")
        return true
    }

    @Test("While another program holds the database, requests wait or are told to come back, and nothing is lost")
    func locked() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab)
        let rows = try Rows(lab)
        let (isHeld, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let holding = Task.detached {
            try await rows.database.write { connection in
                try connection.execute("UPDATE catalogue_counter SET value = value WHERE 0")
                isHeld.signal()
                release.wait()
            }
        }
        try await until("the database is held") { isHeld.wait(timeout: .now()) == .success }
        let noop: JSONValue = ["task": "noop", "version": 1, "payload": [:]]
        let answer = try await server.api.send(.post, "/v1/tasks", noop)
        #expect(answer.status == 503)
        #expect(Int(answer.headers["retry-after"] ?? "") ?? 0 > 0)
        #expect(try await server.api.send(.get, "/v1/library").status == 200, "readers do not wait")
        release.signal()
        try await holding.value
        _ = try await server.api.ask(.post, "/v1/tasks", noop)
        try await until("the task is done") { try await server.api.list("/v1/tasks?state=done").count == 1 }
        #expect(try await server.api.list("/v1/tasks?state=dead").isEmpty)
    }

    @Test("On a full disk new work is refused, and it goes on by itself when there is space again")
    func fullDisk() async throws {
        let lab = try Lab()
        guard let disk = try SmallDisk(lab.data, mebibytes: 8) else { return }
        let server = try await ServerProcess.start(lab)
        var acknowledged = try await submitUntilRefused(server.api, before: 50)
        try disk.fill()
        let (more, refusal) = try await submitWhileFull(server.api)
        acknowledged += more
        print("refused with \(refusal) after \(more.count) more tasks")
        #expect([503, 507].contains(refusal))
        #expect(try await server.api.send(.get, "/v1/tasks").status == 200)
        disk.free()
        try await until("work is taken again") {
            let answer = try await server.api.send(.post, "/v1/tasks", noop(acknowledged.count))
            if answer.status == 202, let id = try answer.json["task_id"]?.int { acknowledged.append(id) }
            return answer.status == 202
        }
        for id in acknowledged {
            try await until("task \(id) is done") {
                try await server.api.ask(.get, "/v1/tasks/\(id)")["state"]?.text == "done"
            }
        }
        #expect(try await server.stop() == .code(0))
        #expect(try await Rows(lab).damage() == [])
    }

    private func noop(_ number: Int) -> JSONValue {
        [
            "task": "noop", "version": 1, "payload": [:],
            "dedupe_key": .string("fill \(number) \(String(repeating: "x", count: 200))"),
        ]
    }

    private func submitUntilRefused(_ api: Client, before count: Int) async throws -> [Int64] {
        var ids: [Int64] = []
        for number in 0..<count {
            if let id = try await api.ask(.post, "/v1/tasks", noop(number))["task_id"]?.int { ids.append(id) }
        }
        return ids
    }

    /// Keeps on until the space inside the database's own files is used up too.
    private func submitWhileFull(_ api: Client) async throws -> ([Int64], status: Int) {
        var ids: [Int64] = []
        for number in 0..<20_000 {
            let answer = try await api.send(.post, "/v1/tasks", noop(100_000 + number))
            guard answer.status == 202 else { return (ids, answer.status) }
            if let id = try answer.json["task_id"]?.int { ids.append(id) }
        }
        return (ids, 202)
    }

    /// One line for people, an exit code for scripts, no crash.
    private func expectRefusal(_ end: Lab.Finished, _ word: String, or other: String = "\u{0}") {
        #expect(end.exit == .code(1) || end.exit == .code(78), "\(end.exit) \(end.errors)")
        let lines = end.errors.split(separator: "\n").filter { line in
            line.hasPrefix("sillon: ") && !line.contains("as root") && !line.contains("others may look")
        }
        #expect(lines.count == 1, "\(end.errors)")
        #expect(lines.first.map { $0.contains(word) || $0.contains(other) } == true, "\(end.errors)")
    }
}
