import Contracts
import Domain
import Foundation
import TestSupport
import Testing

/// File, environment and flags as an administrator meets them.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ConfigurationTests {
    private func file(_ lab: Lab, _ text: String, mode: Int = 0o600) throws -> String {
        let path = lab.folder + "/sillon.toml"
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    @Test(
        "A key that nobody knows, and a value that makes no sense, stop every start with one line that names it",
        arguments: [
            ("prot = 1", ":1: prot is no setting; did you mean port?"),
            ("# first\nport = \"eighty\"", ":2: port is a whole number, not a text in quotes"),
            ("[database]\npool_size = 5000", ":2: database_pool_size is 1 to 1000, not \"5000\""),
            ("port = ", ":1: this is no value"),
        ])
    func refused(text: String, words: String) async throws {
        let lab = try Lab()
        let path = try file(lab, text)
        let lines = [
            ["up", "--data", lab.data], ["serve", "--data", lab.data], ["worker", "--roles", "audio"],
            ["worker", "--roles", "audio", "--server", "http://127.0.0.1:9", "--token", "t"], ["migrate", "status"],
        ]
        for line in lines {
            let finished = try await lab.run(line + ["--config", path])
            #expect(finished.exit == .code(78), "\(line)")
            #expect(finished.errors.hasPrefix("sillon: \(path)\(words)"), "\(line): \(finished.errors)")
            #expect(finished.errors.count { $0.isNewline } == 1 && finished.output.isEmpty)
        }
        #expect(!FileManager.default.fileExists(atPath: lab.data), "nothing was begun")
    }

    @Test("Who asks a server is stopped by a key that nobody knows, and not by what only the server may read")
    func client() async throws {
        let lab = try Lab()
        let server = "server = \"http://127.0.0.1:9\"\n"
        let fine = try file(lab, server + "[lastfm]\nkey_file = \"/nowhere/lastfm.key\"")
        let away = try await lab.run(["status", "--config", fine])
        #expect(away.exit == .code(69) && away.errors.contains("127.0.0.1:9"), "\(away.errors)")
        #expect(try await lab.run(["config", "check", "--config", fine]).exit == .code(78))
        let wrong = try file(lab, server + "prot = 1")
        let refused = try await lab.run(["status", "--config", wrong])
        #expect(refused.exit == .code(78) && refused.errors.contains("sillon.toml:2: prot"), "\(refused.errors)")
    }

    @Test("A variable that nobody knows stops the start, too")
    func unknownVariable() async throws {
        let lab = try Lab()
        let finished = try await lab.run(["up", "--data", lab.data], environment: ["SILLON_DATABSE_URL": "x"])
        #expect(finished.exit == .code(78))
        #expect(
            finished.errors
                == "sillon: SILLON_DATABSE_URL is no variable of Sillon's; did you mean SILLON_DATABASE_URL?\n")
    }

    @Test("A server starts from its file alone; the environment wins over the file, and a flag over both")
    func strengths() async throws {
        let lab = try Lab()
        let path = try file(
            lab,
            """
            data = "\(lab.data)"
            music = ["\(lab.music)"]
            roles = ["indexer"]
            port = 0
            host = "no.such.host.invalid"
            log_level = "debug"
            token = "hunter2"
            """)
        let environment = ["SILLON_CONFIG": path, "SILLON_HOST": "127.0.0.1", "SILLON_LOG_LEVEL": "warning"]
        let server = try lab.start(["up", "--roles", "indexer,vector"], environment: environment)
        let lock = lab.data + "/sillon.lock"
        try await until("the server tells where it listens") { Lab.text(lock).contains("http://127.0.0.1:") }
        let token = Lab.text(lab.data + "/admin-token").trimmingCharacters(in: .whitespacesAndNewlines)
        let status = try await lab.run(
            ["status", "--token", token], environment: environment)
        #expect(status.exit == .code(0) && status.output.contains(",vector"), "\(status.errors)")
        server.signal(SIGTERM)
        #expect(try await server.waitForExit() == .code(0), "\(Lab.text(server.errors))")
        #expect(!lab.allLogs.contains("hunter2"))

        let show = try await lab.run(["config", "show", "--json", "--port", "7"], environment: environment)
        let lines = try ContractJSON.decode([JSONValue].self, from: show.output)
        func line(_ key: String) -> [String?] {
            let line = lines.first { $0["key"]?.text == key }
            return [line?["value"]?.text, line?["source"]?.text, line?["place"]?.text]
        }
        #expect(line("port") == ["7", "flag", "--port"])
        #expect(line("host") == ["127.0.0.1", "environment", "SILLON_HOST"])
        #expect(line("roles") == ["indexer", "file", "\(path):3"])
        #expect(line("token") == ["[hidden]", "file", "\(path):7"])
        #expect(line("log_format") == ["auto", "default", nil])
        let table = try await lab.run(["config", "show"], environment: environment)
        #expect(table.exit == .code(0) && table.output.contains("SILLON_HOST") && table.output.contains("\(path):3"))
        for output in [show.output, table.output] { #expect(!output.contains("hunter2")) }
    }

    @Test("config check says ok, or all that is wrong")
    func check() async throws {
        let lab = try Lab()
        let fine = try await lab.run(["config", "check", "--config", try file(lab, "port = 4141")])
        #expect(fine.exit == .code(0) && fine.output == "ok: \(lab.folder)/sillon.toml\n", "\(fine.errors)")
        #expect(try await lab.run(["config", "check"]).output == "ok\n")
        let path = try file(lab, "prot = 1\nport = 99999\nhost = 7\n")
        let wrong = try await lab.run(
            ["config", "check", "--config", path, "--data", ""], environment: ["SILLON_ROLES": "drummer"])
        #expect(wrong.exit == .code(78) && wrong.output.isEmpty)
        let lines = wrong.errors.split(separator: "\n")
        #expect(lines.count == 5 && lines.allSatisfy { $0.hasPrefix("sillon: ") }, "\(wrong.errors)")
        for words in [":1: prot", ":2: port", ":3: host", "--data", "SILLON_ROLES"] {
            #expect(wrong.errors.contains(words), "\(words)")
        }
    }

    @Test("config check tells what a start would refuse, in the same words, and makes nothing")
    func startChecks() async throws {
        let lab = try Lab()
        try Data().write(to: URL(filePath: lab.folder + "/taken"))
        let data = "data = '\(lab.data)'\nport = 0\n"
        for (text, words) in [
            (data + "music = ['\(lab.folder)/gone']", ":3: music \(lab.folder)/gone: No such file"),
            (data + "vector_search = 'pgvector'", ":3: vector_search is pgvector, which needs a PostgreSQL database"),
            ("data = '\(lab.folder)/taken'", "the data folder \(lab.folder)/taken is not a folder"),
            ("data = '\(lab.folder)/taken/data'", "cannot make the data folder \(lab.folder)/taken/data"),
            (
                data + "slskd_downloads = '\(lab.folder)/gone'\ndownload_root = '\(lab.music)'",
                ":3: slskd_downloads \(lab.folder)/gone: No such file"
            ),
        ] {
            let path = try file(lab, text)
            let check = try await lab.run(["config", "check", "--config", path])
            #expect(check.exit == .code(78) && check.output.isEmpty && check.errors.contains(words), "\(check)")
            #expect(check.errors.count { $0.isNewline } == 1)
            #expect(!FileManager.default.fileExists(atPath: lab.data), "looking makes nothing")
            let start = try await lab.run(["up", "--config", path])
            #expect(start.exit == .code(78) && start.errors.hasSuffix(check.errors), "\(start.errors)")
            if FileManager.default.fileExists(atPath: lab.data) {
                try FileManager.default.removeItem(atPath: lab.data)
            }
        }
        let fine = try file(lab, data + "music = ['\(lab.music)']\nmap = ['/srv/music=\(lab.music)']")
        #expect(try await lab.run(["config", "check", "--config", fine]).exit == .code(0))
        let several = try file(lab, "prot = 1\nmusic = ['\(lab.folder)/gone']\nmap = ['/a=\(lab.folder)/away']")
        let told = try await lab.run(["config", "check", "--config", several]).errors
        #expect(told.contains(":1: prot") && told.contains(":2: music") && told.contains(":3: map"), "\(told)")
    }

    @Test("A file that is not there, that others may change, or that shows them a secret, is no configuration")
    func unusable() async throws {
        let lab = try Lab()
        let path = try file(lab, "port = 1", mode: 0o666)
        let open = try await lab.run(["config", "check", "--config", path])
        #expect(open.exit == .code(78) && open.errors.contains("others may write it"))
        let secret = try await lab.run(["serve", "--config", try file(lab, "token = 'hunter2'", mode: 0o644)])
        #expect(secret.exit == .code(78) && secret.errors.contains("token") && secret.errors.contains("chmod o-r"))
        #expect(!secret.errors.contains("hunter2"))
        for path in [lab.folder + "/nowhere.toml", lab.folder] {
            let absent = try await lab.run(["up", "--data", lab.data], environment: ["SILLON_CONFIG": path])
            #expect(absent.exit == .code(78) && absent.errors.contains(path), "\(absent.errors)")
        }
    }

    @Test("The reference is printed by the program")
    func reference() async throws {
        let lab = try Lab()
        let page = try await lab.run(["config", "reference"])
        #expect(page.exit == .code(0) && page.output.hasPrefix("# Configuration\n"))
        #expect(page.output.contains("| `port` | `SILLON_PORT` | `--port` | whole number, 0 to 65535 | `8080` |"))
    }

    @Test("A worker has to be told what to do, by a flag, a variable or the file")
    func workerRoles() async throws {
        let lab = try Lab()
        let untold = try await lab.run(["worker", "--database", lab.data])
        #expect(untold.exit == .code(64) && untold.errors.contains("--roles"))
        let told = try await lab.run(["worker", "--database", lab.data], environment: ["SILLON_ROLES": "audio"])
        #expect(told.exit == .code(78) && told.errors.contains("there is no database"))
    }
}
