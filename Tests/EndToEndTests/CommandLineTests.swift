import Contracts
import Domain
import Foundation
import TestSupport
import Testing

/// The commands as a user at a shell meets them: what they print, where, and how they end.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct CommandLineTests {
    /// Runs a command against the server of a lab.
    private func sillon(
        _ lab: Lab, _ server: ServerProcess, _ arguments: String..., environment: [String: String] = [:]
    ) async throws -> Lab.Finished {
        let own = ["SILLON_DATA": lab.data, "SILLON_SERVER": server.api.base]
        return try await lab.run(arguments, environment: own.merging(environment) { _, given in given })
    }

    @Test("A library is scanned, searched, compared and exported from the shell")
    func asAUser() async throws {
        let library = try await Library()
        let lab = library.lab
        try library.tree.write("Shelf/bad \u{1B}[31m.flac", Array("fLaC, but not really".utf8))
        let server = try await ServerProcess.start(lab)

        let scan = try await sillon(lab, server, "scan", lab.music, "--wait")
        #expect(scan.exit == .code(0), "\(scan.errors)")
        #expect(scan.output.contains("The scan is finished"))
        #expect(scan.output.contains("found             9"))
        #expect(scan.output.contains("vectorised        8"))
        #expect(scan.output.contains("failed            1"))
        #expect(scan.output.contains("More: sillon tasks list --state dead"))

        let dead = try await sillon(lab, server, "tasks", "list", "--state", "dead")
        #expect(dead.output.contains("\\u{1b}[31m.flac"))
        for output in [scan.output, dead.output] { #expect(!output.contains("\u{1B}")) }

        let search = try await sillon(lab, server, "search", "fath")
        #expect(search.output.contains("Marled Field – Fathom"))
        let similar = try await sillon(lab, server, "similar", "marled", "field", "fathom", "--limit", "3")
        #expect(similar.exit == .code(0), "\(similar.errors)")
        #expect(similar.output.hasPrefix("Sounds like Marled Field – Fathom"))
        #expect(similar.output.split(separator: "\n").count == 5)
        let byPath = try await sillon(lab, server, "similar", lab.music + "/Shelf/Amble.mp3")
        #expect(byPath.output.hasPrefix("Sounds like Marled Field – Amble"))

        let gone = lab.music + "/Shelf/Amble.mp3"
        try FileManager.default.moveItem(atPath: gone, toPath: lab.folder + "/Amble.mp3")
        let absent = try await lab.run(["similar", gone, "--data", lab.data])
        #expect(absent.output.hasPrefix("Sounds like Marled Field – Amble"), "the server is found by the data folder")
        try FileManager.default.moveItem(atPath: lab.folder + "/Amble.mp3", toPath: gone)

        let status = try await sillon(lab, server, "status")
        #expect(status.output.contains("Library: 8 tracks"))
        #expect(status.output.contains("indexer") && status.output.contains(",vector"))

        let vectors = try await sillon(lab, server, "vectors", "export")
        let lines = vectors.output.split(separator: "\r\n")
        #expect(lines.count == 9)
        #expect(lines.first?.hasPrefix("path,v1,v2,") == true)
        #expect(Set(lines.map { $0.count { $0 == "," } }).count == 1)
        #expect(try await server.stop() == .code(0))
    }

    @Test("A music player's password is made, listed and revoked from the shell")
    func appPasswords() async throws {
        let lab = try Lab(.sqlite)
        let server = try await ServerProcess.start(lab, .up)
        func account(_ arguments: String...) async throws -> Lab.Finished {
            try await lab.run(["account"] + arguments, environment: ["SILLON_DATA": lab.data])
        }
        #expect(try await account("add", "ada").exit == .code(0))
        let made = try await account("app-passwords", "add", "ada", "--name", "phone", "--json")
        #expect(made.exit == .code(0), "\(made.errors)")
        let answer = try ContractJSON.decode(JSONValue.self, from: made.output)
        let (id, secret) = (try #require(answer["id"]?.int), try #require(answer["secret"]?.text))
        func ping() async throws -> String {
            let target = "/rest/ping?f=json&v=1.16.1&c=shell&u=ada&p=\(secret)"
            return try await Client(base: server.api.base).send(.get, target).body
        }
        #expect(try await ping().contains("\"status\":\"ok\""))
        let list = try await account("app-passwords", "list", "ada")
        #expect(list.output.contains("phone") && !list.output.contains(secret))
        let plain = try await account("app-passwords", "add", "ada")
        #expect(plain.output.split(separator: "\n").count == 1 && plain.exit == .code(0))
        for refused in [["add", "nobody"], ["add", "ada", "--role", "admin"], ["revoke", "1"], ["revoke", "4711"]] {
            let end = try await lab.run(["account", "app-passwords"] + refused, environment: ["SILLON_DATA": lab.data])
            #expect(end.exit != .code(0) && end.errors.contains("sillon: "), "\(refused): \(end.errors)")
        }
        #expect(try await account("app-passwords", "revoke", "\(id)").exit == .code(0))
        try await until("it opens nothing any more") { try await ping().contains("\"code\":40") }
        #expect(try await account("app-passwords", "list", "nobody").exit != .code(0))
        #expect(try await server.stop() == .code(0))
    }

    @Test("Lists, radios and paths are asked for from the shell")
    func asking() async throws {
        let library = try await Library()
        let lab = library.lab
        let server = try await library.served()
        let why = try await sillon(
            lab, server, "similar", "dusk", "--minus", "fathom", "--genre", "folk", "--per-artist", "2", "--why")
        #expect(why.output.contains("TIMBRE") && why.output.contains(" %"), "\(why.errors)")
        #expect(why.output.contains("not Marled Field – Fathom") && why.output.split(separator: "\n").count == 4)
        let noOther = try await sillon(lab, server, "similar", "--artist", "marled field")
        #expect(noOther.exit == .code(0) && noOther.output.hasPrefix("Sounds like artist marled field"))
        let radio = try await sillon(lab, server, "radio", "amble", "--seed", "7", "--limit", "12", "--json")
        let again = try await sillon(lab, server, "radio", "amble", "--seed", "7", "--limit", "12", "--json")
        #expect(radio.exit == .code(0) && radio.output == again.output, "\(radio.errors)")
        let path = try await sillon(
            lab, server, "path", "amble", lab.music + "/Shelf/Dusk.opus", "--length", "4", "--m3u")
        let lines = path.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "#EXTM3U" && lines.count == 9, "\(path.errors)")
        #expect(
            lines.dropFirst(2).first == lab.music + "/Shelf/Amble.mp3" && lines.last == lab.music + "/Shelf/Dusk.opus")
        #expect(try await server.stop() == .code(0))
    }

    @Test("What scripts read is JSON and nothing else")
    func json() async throws {
        let library = try await Library()
        let lab = library.lab
        let server = try await ServerProcess.start(lab)
        let scan = try await sillon(lab, server, "scan", lab.music, "--wait", "--json", "--until", "index")
        let last = try #require(scan.output.split(separator: "\n").last)
        #expect(try ContractJSON.decode(JSONValue.self, from: String(last))["state"]?.text == "finished")
        let commands = [
            ["status"], ["search", "marled"], ["roots", "list"], ["tasks", "list"], ["tasks", "show", "1"],
            ["migrate", "status"],
            ["token", "list"], ["doctor"],
        ]
        for command in commands {
            let finished = try await lab.run(
                command + ["--json"], environment: ["SILLON_DATA": lab.data, "SILLON_SERVER": server.api.base])
            #expect(finished.exit == .code(0), "\(command): \(finished.errors)")
            #expect(throws: Never.self, "\(command)") {
                _ = try ContractJSON.decode(JSONValue.self, from: finished.output)
            }
        }
        #expect(try await server.stop() == .code(0))
    }

    @Test("The doctor names the media libraries and finds the sandbox active")
    func doctor() async throws {
        let lab = try Lab()
        let lines = try await lab.run(["doctor"], environment: ["SILLON_DATA": lab.data]).output.split(separator: "\n")
        #expect(lines.contains { $0.contains("TagLib 1.") && $0.contains("libav ") })
        #expect(lines.contains { $0.contains("media sandbox") && $0.contains("  active: ") }, "\(lines)")
    }

    @Test("A damaged file costs one line on the terminal, whatever the libraries mutter", arguments: ["tags", "audio"])
    func quietProbe(what: String) async throws {
        let lab = try Lab()
        let tree = Tree(lab.music)
        for song in try await SongShelf.songs() {
            var random = SplitMix64(seed: 5)
            var bytes = try song.tagged()
            // Only the front is damaged, where the numbers are that the parsers complain of.
            for index in 4..<min(600, bytes.count) where index % 3 == 0 {
                bytes[index] = UInt8(truncatingIfNeeded: random.next())
            }
            let path = try tree.write(song.fileName, bytes)
            let finished = try await lab.run(["probe", what, path.display, "--json"])
            let lines = finished.errors.split(separator: "\n")
            if finished.exit == .code(0) {
                #expect(lines.isEmpty, "\(finished.errors)")
                #expect(throws: Never.self) { _ = try ContractJSON.decode(JSONValue.self, from: finished.output) }
            } else {
                #expect(lines.count == 1 && lines[0].hasPrefix("sillon: \"\(path.display)\""), "\(finished.errors)")
                #expect(finished.output.isEmpty)
            }
        }
    }

    @Test("A restart keeps everything and shows no secret again")
    func restart() async throws {
        let library = try await Library()
        let lab = library.lab
        let first = try await library.served()
        let output = first.process.words
        let token = Lab.text(lab.data + "/admin-token").trimmingCharacters(in: .whitespacesAndNewlines)
        // Nobody looks at a terminal: the file is named, and what collects logs gets no secret.
        #expect(output.contains(lab.data + "/admin-token") && !output.contains(token))
        #expect(output.contains("curl -H"))
        let attributes = try FileManager.default.attributesOfItem(atPath: lab.data + "/admin-token")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try await first.stop() == .code(0))
        for left in ["sillon.db-wal", "sillon.lock"] {
            #expect(Lab.text("\(lab.data)/\(left)").isEmpty, "\(left) holds something after a stop in good order")
        }

        let second = try await ServerProcess.start(lab)
        #expect(!second.process.words.contains(token))
        #expect(try await sillon(lab, second, "status").output.contains("Library: 8 tracks"))
        #expect(try await sillon(lab, second, "similar", "fathom").exit == .code(0))
        #expect(try await second.stop() == .code(0))
        #expect(!lab.allLogs.contains("level\":\"error"))
    }

    @Test("A second server on the same data folder, or on the same port, is refused in one line")
    func secondServer() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab)
        let same = try await lab.run(["up", "--data", lab.data, "--port", "0"])
        #expect(same.exit == .code(1))
        #expect(same.errors.contains("(process \(server.process.id)) already runs on the data folder"))
        let port = try #require(server.api.base.split(separator: ":").last)
        let busy = try await lab.run(["up", "--data", lab.folder + "/other", "--port", String(port)])
        #expect(busy.exit == .code(1))
        #expect(busy.errors.contains("is in use by another program"))
        #expect(try await server.stop() == .code(0))
    }

    @Test("The wrong token is refused, and it is said where the token was looked for")
    func wrongToken() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab)
        let wrong = try await sillon(lab, server, "status", environment: ["SILLON_TOKEN": "hunter2"])
        #expect(wrong.exit == .code(1))
        #expect(wrong.errors.contains("SILLON_TOKEN"))
        #expect(!wrong.errors.contains("hunter2"))
        let none = try await sillon(lab, server, "status", environment: ["SILLON_DATA": lab.folder + "/empty"])
        #expect(none.errors.contains(lab.folder + "/empty/admin-token"))
        #expect(try await server.stop() == .code(0))
    }

    @Test(
        "Wrong usage ends with 64, help with 0",
        arguments: [
            (["frobnicate"], 64), (["scan"], 64), (["similar", "x", "--limit", "0"], 64), (["tasks", "retry"], 64),
            (["tasks", "list", "--state", "lost"], 64), (["up", "--roles", "drums"], 64), (["--help"], 0),
            (["tasks", "--help"], 0), (["--version"], 0),
        ] as [([String], Int32)])
    func usage(arguments: [String], code: Int32) async throws {
        let finished = try await Lab().run(arguments)
        #expect(finished.exit == .code(code))
        #expect(finished.errors.isEmpty == (code == 0))
        #expect(code == 0 || finished.errors.hasPrefix("sillon: "))
    }

    @Test("A server that is not there ends with 69 and a hint, for every command that needs one")
    func unreachable() async throws {
        let lab = try Lab()
        for command in [
            ["status"], ["search", "x"], ["similar", "x"], ["tasks", "list"], ["roots", "list"],
            ["scan", lab.music, "--wait"],
        ] {
            let finished = try await lab.run(command, environment: ["SILLON_SERVER": "http://127.0.0.1:9"])
            #expect(finished.exit == .code(69), "\(command)")
            #expect(finished.errors.contains("sillon up"), "\(command)")
        }
    }

    @Test("A wrong configuration ends with 78 and names what is wrong")
    func misconfigured() async throws {
        let lab = try Lab()
        let cases: [([String], [String: String], String)] = [
            (["up", "--data", lab.data, "--music", lab.folder + "/nowhere"], [:], "/nowhere"),
            (["status"], ["SILLON_PORT": "eighty"], "eighty"),
            (["up", "--data", lab.data], ["SILLON_LOG_LEVEL": "loud"], "SILLON_LOG_LEVEL"),
            (["worker", "--roles", "audio", "--server", "http://x"], [:], "--token or SILLON_TOKEN"),
            (["worker", "--roles", "audio", "--database", lab.data], [:], "there is no database"),
            (["vectors", "export"], ["SILLON_DATA": lab.data], "there is no database"),
            (["migrate", "status"], ["SILLON_DATABASE_URL": "postgres://ada@127.0.0.1:99999999/x"], "99999999"),
            (["tasks", "stuck"], ["SILLON_DATABASE_URL": "postgres://ada@127.0.0.1:1/x?sslmode=bogus"], "bogus"),
            (["doctor", "--database"], ["SILLON_DATABASE_URL": "postgres://ada@127.0.0.1:1/x?hue=red"], "hue"),
        ]
        for (arguments, environment, words) in cases {
            let finished = try await lab.run(arguments, environment: environment)
            #expect(finished.exit == .code(78), "\(arguments)")
            #expect(finished.errors.contains(words), "\(arguments): \(finished.errors)")
        }
    }

    @Test("A server without workers and a worker beside it share the work")
    func serveAndWorker() async throws {
        let library = try await Library()
        let lab = library.lab
        let server = try await ServerProcess.start(lab, .serve)
        let waiting = try await sillon(lab, server, "scan", lab.music)
        #expect(waiting.output.contains("is queued"))
        #expect(try await sillon(lab, server, "status").output.contains("No worker runs"))
        let worker = try lab.start(["worker", "--roles", "indexer,audio,vector", "--database", lab.data])
        let scans = try await server.api.allScansEnded()
        #expect(scans.first?.progress("vectorized") == 8)
        worker.signal(SIGTERM)
        #expect(try await worker.waitForExit() == .code(0))
        #expect(try await server.stop() == .code(0))
    }
}
