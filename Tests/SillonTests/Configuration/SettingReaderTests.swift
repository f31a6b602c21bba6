import Domain
import Files
import Foundation
import Integrations
import Logging
import Testing

@testable import sillon

/// Who is heard, and what is told of what is wrong.
@Suite struct SettingReaderTests {
    private func reader(
        _ text: String = "", _ variables: [String: String] = [:], _ flags: Settings.Flags = .init(),
        rights: FileRights = FileRights(mode: 0o600, hasOwnGroup: false)
    ) -> SettingReader {
        let environment = Environment(
            variables: ["HOME": "/home/ada"].merging(variables) { $1 }, currentFolder: "/work",
            standardErrorIsTerminal: false)
        return SettingReader(
            flags: flags.given, environment: environment,
            file: ConfigFile(path: "/c.toml", text: text, rights: rights, environment))
    }

    @Test("The file is weakest, then the environment, and a flag is strongest")
    func strength() throws {
        let file = "port = 1\nhost = \"file\"\nanalysis = \"windows\"\nmusic = [\"/file\"]"
        let settings = try Settings(
            reader(file, ["SILLON_PORT": "2", "SILLON_HOST": "env", "SILLON_MUSIC": "/a:/b"], .init(port: 3)))
        #expect(settings.port == 3 && settings.host == "env" && settings.analysis == .windows)
        #expect(settings.music == ["/a", "/b"] && settings.logLevel == .info)
        let origins = Dictionary(uniqueKeysWithValues: settings.lines.map { ($0.key, $0.origin) })
        #expect(origins["port"] == .flag("--port") && origins["host"] == .variable("SILLON_HOST"))
        #expect(origins["analysis"] == .file(path: "/c.toml", line: 3) && origins["log_level"] == .fallback)
        #expect(try Settings(reader(file)).music == ["/file"])
        #expect(try Settings(reader(file, [:], .init(music: ["/flag"]))).music == ["/flag"])
    }

    @Test("Every setting can be said in a file, and is taken from there")
    func everything() throws {
        let key = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID())")
        try Data("k3y\n".utf8).write(to: key)
        defer { try? FileManager.default.removeItem(at: key) }  // the system empties the folder
        var told: [String: String] = [
            "data": "\"/d\"", "database_url": "\"postgres://ada@db/music\"", "music": "[\"/m\"]",
            "secrets_key_file": "\"/k\"", "host": "\"::1\"", "port": "9", "server": "\"http://h:1\"",
            "token": "\"t0ken\"", "metrics_listen": "9464", "max_transcodes": "3", "roles": "[\"audio\", \"vector\"]",
            "heavy_hours": "[\"01:00-07:00\"]", "quiet_hours": "[\"22:00-08:00\"]",
            "analysis": "\"windows\"", "fingerprint": "true", "watch": "false", "vector_search": "\"pgvector\"",
            "embedding_models": "[\"ollama:a\", \"ollama:b\"]", "redis_url": "\"redis://r:1/2\"",
            "log_level": "\"debug\"", "log_format": "\"text\"", "otlp_endpoint": "\"http://o:1\"",
            "otlp_headers": "[\"a=b\"]", "trace_ratio": "0.5", "database_pool_size": "1", "database_pool_overflow": "2",
            "database_pool_recycle": "30", "database_pool_wait": "4", "database_pool_pre_ping": "false",
            "database_statement_timeout": "5", "database_lock_timeout": "6", "database_idle_timeout": "7",
            "slskd_downloads": "\"/from\"", "download_root": "\"/to\"",
            "download_template": "\"{artist}/{title}.{ext}\"",
            "map": "[\"/srv/music=/mnt/music\"]", "ca": "\"/ca.pem\"", "cache": "\"/c\"", "cache_limit": "\"500M\"",
            "insecure": "true",
            "audio_slots": "5", "indexer_slots": "7", "sqlite_cache": "4000",
            "contact": "\"a@b\"", "lastfm_language": "\"de\"", "lastfm_site_url": "\"http://l\"",
            "listenbrainz_labs_url": "\"http://l\"", "webhook_hosts": "[\"h:1\"]",
        ]
        for service in ServiceID.allCases {
            let own = [
                "url": "\"https://s\"", "key_file": "\"\(key.path)\"", "key": "\"k\"", "secret_file": "\"\(key.path)\"",
                "secret": "\"s\"", "hosts": "[\"h:1\"]", "rate": "2",
            ]
            for (name, value) in own { told["\(service.rawValue)_\(name)"] = value }
        }
        #expect(Set(told.keys) == Set(SettingList.all.map(\.key)))
        let text = told.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: "\n")
        let problems = SettingCheck.problems(reader(text))
        #expect(problems.isEmpty, "\(problems)")
        let lines = try Settings(reader(text)).lines
        #expect(lines.allSatisfy { $0.origin.kind == "file" && $0.value != nil })
        let plain = Dictionary(uniqueKeysWithValues: lines.map { ($0.key, $0.value) })
        let usual = Dictionary(uniqueKeysWithValues: try Settings(reader()).lines.map { ($0.key, $0.value) })
        #expect(
            plain.filter { usual[$0.key] == $0.value }.map(\.key).isEmpty, "each has another value than its default")
    }

    @Test(
        "What is wrong is told in one line, with file, line and key",
        arguments: [
            ("prot = 1", "/c.toml:1: prot is no setting; did you mean port?"),
            ("\n[musicbrainz]\nulr = 'x'", "/c.toml:3: musicbrainz_ulr is no setting; did you mean musicbrainz_url?"),
            ("LOG-LEVEL = 'info'", "/c.toml:1: LOG-LEVEL is no setting; did you mean log_level?"),
            ("colour_of_the_door = 'red'", "/c.toml:1: colour_of_the_door is no setting"),
            ("port = 70000", "/c.toml:1: port is 0 to 65535, not \"70000\""),
            ("port = \"80\"", "/c.toml:1: port is a whole number, not a text in quotes"),
            ("trace_ratio = true", "/c.toml:1: trace_ratio is a number, not true or false"),
            ("music = '/srv'", "/c.toml:1: music is a list of texts, [\"…\", \"…\"], not a text in quotes"),
            ("fingerprint = 1", "/c.toml:1: fingerprint is true or false, not a whole number"),
            ("data = 'here'", "/c.toml:1: data is an absolute path in a file, not \"here\""),
            ("music = ['/a', 'b']", "/c.toml:1: music is an absolute path in a file, not \"b\""),
            ("contact = ''", "/c.toml:1: contact is empty: leave the line out"),
            ("port = 1\nport = 2", "/c.toml:2: port is there already, in line 1"),
            ("port = eighty", "/c.toml:1: this is no value"),
        ])
    func refused(text: String, sentence: String) throws {
        let problems = SettingCheck.problems(reader(text))
        #expect(problems.count == 1 && problems[0].hasPrefix(sentence), "\(problems)")
        let error = #expect(throws: CommandError.self) { try Settings.checked(reader(text)) }
        #expect(error == .misconfigured(problems[0]))
    }

    @Test("All problems are told at once, each once, and the start names the first of them")
    func several() throws {
        let text = "prot = 1\nhost = 7\n\n[lastfm]\nurl = 'ftp://x'\nsecret = 's3cret'\n"
        let variables = ["SILLON_PROT": "1", "SILLON_TRACE_RATIO": "2", "SILLON_DOWNLOAD_ROOT": "/d", "SILLON_OLD": ""]
        let problems = SettingCheck.problems(reader(text, variables))
        #expect(
            problems == [
                "/c.toml:1: prot is no setting; did you mean port?",
                "SILLON_PROT is no variable of Sillon's; did you mean SILLON_PORT?",
                "/c.toml:2: host is a text in quotes, not a whole number",
                "SILLON_TRACE_RATIO is 0 to 1, not \"2\"",
                "/c.toml:5: lastfm_url is an address such as http://127.0.0.1:11434, not \"ftp://x\"",
                "SILLON_DOWNLOAD_ROOT needs slskd_downloads (SILLON_SLSKD_DOWNLOADS): where slskd leaves its files",
            ])
        let error = #expect(throws: CommandError.self) { try Settings.checked(reader(text, variables)) }
        #expect(error?.message == problems[0] + " (and 5 more: sillon config check)")
    }

    @Test("What must fit together is told, from whichever side it comes")
    func together() throws {
        let variables = ["SILLON_NAPSTER_URL": "http://far.example", "SILLON_EMBEDDING_MODELS": "openai:x"]
        let problems = SettingCheck.problems(reader("[napster]\nkey = 's3cret'", variables))
        #expect(problems.count == 2)
        #expect(problems.first?.contains("SILLON_NAPSTER_URL needs https") == true, "\(problems)")
        #expect(problems.last?.contains("openai_url (SILLON_OPENAI_URL)") == true)
    }

    @Test("A key in the environment wins over a file with a key that the configuration names")
    func credentials() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID())")
        try Data("from-file\n".utf8).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }  // the system empties the folder
        let text = "[lastfm]\nkey_file = '\(path.path)'\nkey = 'plain'"
        #expect(try Settings(reader(text)).services[.lastfm].key?.value == "from-file")
        let own = try Settings(reader(text, ["SILLON_LASTFM_KEY": "own"])).services[.lastfm]
        #expect(own.key?.value == "own" && own.keyVariable == "SILLON_LASTFM_KEY")
    }

    @Test(
        "A file that others may read must hold no secret, and nobody else may write it",
        arguments: [
            ("port = 1", 0o644, nil), ("port = 1", 0o646, "write"), ("port = 1", 0o600, nil),
            ("port = 1", 0o664, nil), ("token = 't'", 0o660, "token"),
            ("token = 't'", 0o640, nil), ("token = 't'", 0o644, "token"), ("[lastfm]\nkey = 'k'", 0o604, "lastfm_key"),
            ("database_url = 'postgres://ada@h/x'", 0o644, nil),
            ("database_url = 'postgres://ada:pw@h/x'", 0o644, "database_url"),
            ("redis_url = 'redis://:pw@h'", 0o644, "redis_url"), ("redis_url = 'redis:// :pw@h'", 0o644, "redis_url"),
            ("otlp_headers = ['a=b']", 0o644, "otlp_headers"), ("otlp_headers = []", 0o644, nil),
        ] as [(String, mode_t, String?)])
    func modes(text: String, mode: mode_t, word: String?) {
        let file = reader(text, rights: FileRights(mode: mode, hasOwnGroup: false)).file
        #expect(file.problems.count == (word == nil ? 0 : 1))
        if let word {
            #expect(file.problems.first?.contains(word) == true && file.problems.first?.contains("chmod") == true)
        }
    }

    @Test("One line says all that is wrong with the permissions, and the command that mends it")
    func mending() {
        func problems(_ text: String, _ mode: mode_t, hasOwnGroup: Bool = false) -> [String] {
            reader(text, rights: FileRights(mode: mode, hasOwnGroup: hasOwnGroup)).file.problems
        }
        #expect(problems("port = 1", 0o666) == ["/c.toml: others may write it: chmod o-w /c.toml"])
        #expect(
            problems("token = 't'", 0o660)
                == ["/c.toml: its group may write it, and it holds a secret, token: chmod g-w /c.toml"])
        #expect(
            problems("token = 't'", 0o666) == [
                "/c.toml: others may write it and others may read it and its group may write it, and it holds a secret, "
                    + "token: chmod o-w,o-r,g-w /c.toml"
            ])
        #expect(problems("token = 't'", 0o660, hasOwnGroup: true) == [])
        #expect(problems("token = 't'", 0o664, hasOwnGroup: true).first?.contains("chmod o-r /c.toml") == true)
    }

    @Test("What is asked of a file is asked of the one that is open")
    func rights() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "rights-\(UUID())").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        #expect(fchmod(descriptor, 0o646) == 0 && unlink(path) == 0)
        let rights = try #require(FileRights.of(descriptor))
        #expect(rights.isFile && rights.areOthersReaders && rights.areOthersWriters && !rights.isGroupWriter)
        #expect(FileRights.of(-1) == nil)
    }

    @Test("A group that is root's, or the owner's alone, is as good as its owner", .enabled(if: geteuid() == 0))
    func groups() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "group-\(UUID())").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o660)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        #expect(fchmod(descriptor, 0o660) == 0 && unlink(path) == 0)
        // Of Debian, wherever this runs: daemon has a group of its own, and nobody has one of another name.
        let (daemon, nobody): (uid_t, uid_t) = (1, 65534)
        for (owner, group, isWriter) in [
            (0, 0, false), (nobody, 0, false), (daemon, daemon, false), (0, daemon, true), (nobody, daemon, true),
            (4_000_000_000, 4_000_000_000, true),
        ] as [(uid_t, gid_t, Bool)] {
            try #require(fchown(descriptor, owner, group) == 0)
            #expect(FileRights.of(descriptor)?.isGroupWriter == isWriter, "\(owner):\(group)")
        }
    }

    @Test("No problem and no line repeats a secret")
    func secrets() throws {
        let text = """
            token = "hunter1"
            database_url = "postgres://ada:hunter2@db/x"
            redis_url = "redis://:hunter3@r:1/2"
            otlp_headers = ["authorization=hunter4"]
            [lastfm]
            key = "hunter5"
            """
        let settings = try Settings(reader(text))
        #expect(!"\(settings.lines) \(settings) \(settings.table)".contains("hunter"))
        let lines = Dictionary(uniqueKeysWithValues: settings.lines.map { ($0.key, $0.value) })
        #expect(lines["token"] == "[hidden]" && lines["lastfm_key"] == "[hidden]" && lines["slskd_key"] == .some(nil))
        #expect(lines["otlp_headers"] == "authorization=…" && lines["redis_url"] == "redis://r:1/2")
        #expect(Set(settings.secrets) == ["hunter1", "hunter2", "hunter3", "hunter4", "hunter5"])
        let wrong = [
            "token = hunter", "otlp_headers = ['hunter']", "redis_url = 'redis:hunter'", "[lastfm]\nkey = 'hunter 2'",
            "database_url = 'postgres://ada:hunter@h@i/x'", "token = ['hunter']",
        ]
        for text in wrong {
            let problems = SettingCheck.problems(reader(text))
            #expect(!problems.isEmpty && !"\(problems)".contains("hunter"), "\(problems)")
        }
    }

    @Test(
        "The name that was meant is found by letters left out, put in, changed and exchanged",
        arguments: [
            ("prt", "port"), ("porrt", "port"), ("pork", "port"), ("prot", "port"), ("x", nil), ("", nil),
            ("musicbrainz", nil), (String(repeating: "p", count: 5000), nil),
        ])
    func nearest(name: String, meant: String?) {
        #expect(NearestName.of(name, among: ["port", "host", "music"]) == meant)
    }
}
