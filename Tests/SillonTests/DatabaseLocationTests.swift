import Persistence
import Testing

@testable import sillon

@Suite struct DatabaseLocationTests {
    private func settings(_ flag: String? = nil, _ variables: [String: String] = [:]) throws -> Settings {
        try Settings(
            flags: Settings.Flags(database: flag),
            environment: Environment(
                variables: ["HOME": "/home/ada"].merging(variables) { $1 }, currentFolder: "/work",
                standardErrorIsTerminal: false))
    }

    @Test("The database is a file in the data folder unless a flag or variable names another")
    func places() throws {
        #expect("\(try settings().database)" == "/home/ada/.local/share/sillon/sillon.db")
        #expect("\(try settings("/srv/a.db").database)" == "/srv/a.db")
        #expect("\(try settings("here").database)" == "/work/here/sillon.db")
        #expect("\(try settings("sqlite:///srv/a.db").database)" == "/srv/a.db")
        #expect("\(try settings("sqlite:a.db").database)" == "/work/a.db")
        let url = "postgres://ada:secret@db.local:5433/music?sslmode=require"
        #expect("\(try settings(nil, ["SILLON_DATABASE_URL": url]).database)" == "postgres://ada@db.local:5433/music")
        #expect("\(try settings("/srv/a.db", ["SILLON_DATABASE_URL": url]).database)" == "/srv/a.db")
    }

    @Test(
        "What is no database is refused with the name of the setting and without its text",
        arguments: ["mysql://ada:secret@x/y", "postgres://ada:secret@host/x?colour=red", "sqlite:", "http://secret"])
    func refused(text: String) {
        do {
            _ = try settings(nil, ["SILLON_DATABASE_URL": text])
            Issue.record("\(text) was taken")
        } catch {
            let message = CommandError(describing: error).message
            #expect(message.contains("SILLON_DATABASE_URL") && !message.contains("secret"))
        }
    }

    @Test("Settings are printed without the password")
    func printed() throws {
        let settings = try settings("postgresql://ada:hunter2@db/music?password=hunter2")
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!"\(settings) \(String(reflecting: settings)) \(dumped)".contains("hunter2"))
    }

    @Test("The pool's settings are numbers within bounds")
    func pool() throws {
        let settings = try settings(
            nil,
            [
                "SILLON_DATABASE_POOL_SIZE": "3", "SILLON_DATABASE_POOL_OVERFLOW": "0",
                "SILLON_DATABASE_POOL_PRE_PING": "0", "SILLON_DATABASE_STATEMENT_TIMEOUT": "7",
            ])
        #expect(settings.pool.poolSize == 3 && settings.pool.overflow == 0 && !settings.pool.prePing)
        #expect(settings.pool.statementSeconds == 7 && settings.pool.recycleSeconds == 3600)
        for text in ["0", "-1", "many", "1001"] {
            #expect(throws: CommandError.self) { try self.settings(nil, ["SILLON_DATABASE_POOL_SIZE": text]) }
        }
    }

    @Test(
        "The password in an argument is found wherever it may stand",
        arguments: [
            ("postgres://ada:hunter2@host/db", "postgres://ada:xxxxxxx@host/db"),
            ("postgresql://ada:p@:/?ss@host:5/db", "postgresql://ada:xxxxxxx@host:5/db"),
            ("--database=postgres://ada:hunter2@host", "--database=postgres://ada:xxxxxxx@host"),
            ("postgres://ada@host/db?password=hunter2&x=1", "postgres://ada@host/db?password=xxxxxxx&x=1"),
            ("postgres://host/db?x=1&password=hunter2", "postgres://host/db?x=1&password=xxxxxxx"),
            ("postgres://ada@host:5432/db", "postgres://ada@host:5432/db"),
            ("http://ada:hunter2@host", "http://ada:hunter2@host"), ("postgres://", "postgres://"), ("", ""),
        ])
    func scrub(text: String, hidden: String) {
        var bytes = Array(text.utf8)
        for range in ArgumentScrub.secrets(in: bytes) {
            for offset in range { bytes[offset] = UInt8(ascii: "x") }
        }
        #expect(String(decoding: bytes, as: UTF8.self) == hidden)
    }

    @Test("A token is hidden, whichever way it is given")
    func token() {
        let option = Array("--token".utf8)
        #expect(ArgumentScrub.secrets(in: Array("sillon_12".utf8), after: option) == [0..<9])
        #expect(ArgumentScrub.secrets(in: Array("--token=ab".utf8), after: []) == [8..<10])
        #expect(ArgumentScrub.secrets(in: option, after: []).isEmpty)
        #expect(ArgumentScrub.secrets(in: Array("list".utf8), after: Array("token".utf8)).isEmpty)
    }
}
