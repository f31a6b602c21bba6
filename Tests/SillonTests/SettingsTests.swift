import Domain
import Logging
import Telemetry
import Testing

@testable import sillon

private func settings(
    _ flags: Settings.Flags = Settings.Flags(), _ variables: [String: String] = [:], terminal: Bool = false
) throws -> Settings {
    try Settings(
        flags: flags,
        environment: Environment(
            variables: ["HOME": "/home/ada"].merging(variables) { $1 }, currentFolder: "/work",
            standardErrorIsTerminal: terminal))
}

@Suite struct SettingsTests {
    @Test("Without flags and variables the data is in the home folder and the server is local")
    func defaults() throws {
        let settings = try settings()
        #expect(settings.dataFolder == "/home/ada/.local/share/sillon")
        #expect(settings.host == "127.0.0.1")
        #expect(settings.server == "http://127.0.0.1:8080")
        #expect(settings.logFormat == .json)
    }

    @Test("A flag wins over SILLON_DATA, which wins over XDG_DATA_HOME")
    func dataFolder() throws {
        let variables = ["SILLON_DATA": "/env", "XDG_DATA_HOME": "/xdg"]
        #expect(try settings(.init(data: "/flag/"), variables).dataFolder == "/flag")
        #expect(try settings(.init(), variables).dataFolder == "/env")
        #expect(try settings(.init(), ["XDG_DATA_HOME": "/xdg"]).dataFolder == "/xdg/sillon")
        #expect(try settings(.init(), ["XDG_DATA_HOME": "relative"]).dataFolder == "/home/ada/.local/share/sillon")
        #expect(try settings(.init(data: "here")).dataFolder == "/work/here")
    }

    @Test("The client looks for the server on the port of this machine's server")
    func port() throws {
        #expect(try settings(.init(port: 9000)).server == "http://127.0.0.1:9000")
        #expect(try settings(.init(), ["SILLON_PORT": "9001"]).server == "http://127.0.0.1:9001")
        #expect(
            try settings(.init(server: "https://music.example/"), ["SILLON_PORT": "1"]).server
                == "https://music.example")
    }

    @Test(
        "A setting that makes no sense is refused with its name",
        arguments: [
            ("SILLON_PORT", "http"), ("SILLON_PORT", "70000"), ("SILLON_SERVER", "music.local"),
            ("SILLON_SERVER", "ftp://x"), ("SILLON_LOG_LEVEL", "loud"), ("SILLON_LOG_FORMAT", "xml"),
            ("SILLON_FINGERPRINT", "perhaps"),
            ("SILLON_OTLP_ENDPOINT", "collector:4318"), ("SILLON_OTLP_ENDPOINT", "ftp://x"),
            ("SILLON_OTLP_ENDPOINT", "http://x:65536"), ("SILLON_OTLP_ENDPOINT", "http://x:0"),
            ("SILLON_OTLP_ENDPOINT", "http://x:99999999999999999999/otlp"),
            ("SILLON_TRACE_RATIO", "2"),
            ("SILLON_ANALYSIS", "half"), ("SILLON_MAX_TRANSCODES", "0"), ("SILLON_MAX_TRANSCODES", "many"),
            ("SILLON_EMBEDDING_MODELS", "nomic-embed-text"),
            ("SILLON_EMBEDDING_MODELS", "cohere:x"), ("SILLON_EMBEDDING_MODELS", "ollama:"),
            ("SILLON_EMBEDDING_MODELS", "ollama:a b"), ("SILLON_EMBEDDING_MODELS", "ollama:é"),
            ("SILLON_OLLAMA_URL", "ollama.local"), ("SILLON_OPENAI_KEY_FILE", "/nowhere/key"),
        ])
    func refused(name: String, value: String) throws {
        let error = #expect(throws: CommandError.self) { try settings(.init(), [name: value]) }
        let refusal = try #require(error)
        #expect(refusal.exitStatus == .misconfigured)
        #expect(refusal.message.contains(value))
    }

    @Test(
        "A fingerprint is made only when asked for",
        arguments: [("true", true), ("1", true), ("false", false), ("", false)])
    func fingerprint(value: String, isWanted: Bool) throws {
        #expect(try settings(.init(), ["SILLON_FINGERPRINT": value]).wantsFingerprint == isWanted)
        #expect(try !settings().wantsFingerprint)
    }

    @Test("Traces go nowhere unless an endpoint is set; ours is asked for before OpenTelemetry's")
    func traces() throws {
        #expect(try settings().traces == nil)
        let both = ["SILLON_OTLP_ENDPOINT": "http://a:4318/", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://b:4318"]
        let set = try #require(try settings(.init(), both).traces)
        #expect(set.url == "http://a:4318/v1/traces" && set.ratio == 1)
        let other = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "https://b/otlp",
            "SILLON_OTLP_HEADERS": "authorization=Bearer%20hunter2,x-a=b",
        ]
        let headed = try settings(.init(), other)
        let traces = try #require(headed.traces)
        #expect(traces.url == "https://b/otlp/v1/traces")
        #expect(traces.headers.map(\.name) == ["authorization", "x-a"])
        #expect(traces.headers[0].value.value == "Bearer hunter2" && headed.secrets.contains("Bearer hunter2"))
        for wrong in ["x", "a b=c", "a=b%0Ac", "=x"] {
            let variables = ["SILLON_OTLP_ENDPOINT": "http://a", "SILLON_OTLP_HEADERS": wrong]
            #expect(throws: CommandError.self) { try settings(.init(), variables) }
        }
        #expect(throws: CommandError.self) { try settings(.init(), ["SILLON_OTLP_ENDPOINT": "http://ada:pw@x"]) }
    }

    @Test("A variable that is set to nothing counts as not set")
    func emptyVariable() throws {
        #expect(try settings(.init(), ["SILLON_PORT": "", "SILLON_DATA": ""]).port == 8080)
    }

    @Test("Settings do not show the token when they are printed, in any way")
    func hidesToken() throws {
        let settings = try settings(.init(token: "hunter2"))
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), String(describing: settings), dumped] {
            #expect(!text.contains("hunter2"))
        }
    }

    @Test("Logs are for people on a terminal and JSON elsewhere, unless told")
    func logFormat() throws {
        #expect(try settings(terminal: true).logFormat == .text)
        #expect(try settings(.init(), ["SILLON_LOG_FORMAT": "auto"], terminal: true).logFormat == .text)
        #expect(try settings(.init(), ["SILLON_LOG_FORMAT": "auto"]).logFormat == .json)
        #expect(try settings(.init(), ["SILLON_LOG_FORMAT": "text"]).logFormat == .text)
        #expect(try settings(.init(), ["SILLON_LOG_FORMAT": "json"], terminal: true).logFormat == .json)
    }

    @Test(
        "The token in the data folder is for this machine's server only",
        arguments: [
            ("http://127.0.0.1:8080", true), ("http://localhost:1", true), ("http://[::1]:8080", true),
            ("http://music.local:8080", false), ("https://127.0.0.1.evil.example", false),
        ])
    func localServer(server: String, isLocal: Bool) throws {
        #expect(try settings(.init(server: server)).isServerLocal == isLocal)
    }
}
