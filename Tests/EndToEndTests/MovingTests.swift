import Contracts
import Foundation
import TestSupport
import Testing

/// A library that moves from one database to another, is saved and put back, by the commands that a user has for it.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct MovingTests {
    @Test(
        "From SQLite to PostgreSQL and back: the same answers, and the scan that waited goes on",
        .enabled(if: Engine.available.contains(.postgres)))
    func thereAndBack() async throws {
        let library = try await Library()
        let lab = library.lab
        let database = try ServerDatabase()
        let url = database.url
        let first = try await library.served()
        let track = try #require(try await first.api.tracksByName().values.compactMap { $0["id"]?.int }.min())
        let answers = try await first.api.similar(to: track).map(\.id)
        #expect(try await first.stop() == .code(0))
        let idle = try await ServerProcess.start(lab, .serve)
        let scan = try await idle.api.startScan(lab.music, mode: "full")
        let refused = try await lab.run(["copy", "--data", lab.data, "--to", url])
        #expect(refused.exit == .code(1), "a server is at work")
        #expect(try await idle.stop() == .code(0))

        let copied = try await lab.run(["copy", "--data", lab.data], environment: ["SILLON_COPY_TO": url])
        #expect(copied.exit == .code(0) && copied.output.contains("all checksums agree"), "\(copied.errors)")
        #expect(!(copied.output + copied.errors).contains(try #require(URL(string: url)?.password())))
        let again = try await lab.run(["copy", "--data", lab.data, "--to", url])
        #expect(again.exit == .code(1) && again.errors.contains("not empty"))

        let environment = ["SILLON_DATABASE_URL": url]
        let second = try await ServerProcess.start(lab, environment: environment)
        #expect(try await second.api.ended(scan)["state"]?.text == "finished")
        #expect(try await second.api.similar(to: track).map(\.id) == answers)
        #expect(try await second.stop() == .code(0))
        let sound = try await lab.run(["doctor", "--database"], environment: environment)
        #expect(sound.exit == .code(0) && sound.output.contains("Database postgres://"), "\(sound.output)")

        let back = lab.folder + "/back/sillon.db"
        let returned = try await lab.run(["copy", "--data", lab.data, "--to", back], environment: environment)
        #expect(returned.exit == .code(0), "\(returned.errors)")
        let named = try await lab.run(["doctor", "--database", back, "--json"])
        #expect(try ContractJSON.decode(JSONValue.self, from: named.output)["sound"] == true)
        let third = try await ServerProcess.start(lab, arguments: ["--database", back])
        #expect(try await third.api.similar(to: track).map(\.id) == answers)
        #expect(try await third.stop() == .code(0))
    }

    @Test("A backup that was made beside a server is put back in the place of a damaged database")
    func backup() async throws {
        let library = try await Library()
        let lab = library.lab
        let server = try await library.served()
        let titles = try await server.api.tracksByName().keys.sorted()
        let file = lab.folder + "/backup"
        let made = try await lab.run(["backup", file, "--data", lab.data])
        #expect(made.exit == .code(0), "\(made.errors)")
        try await keepOne(of: lab)
        let busy = try await lab.run(["restore", "--force", file, "--data", lab.data])
        #expect(busy.exit == .code(1) && busy.errors.contains("already runs"))
        #expect(try await server.stop() == .code(0))

        let database = lab.data + "/sillon.db"
        var bytes = try Data(contentsOf: URL(filePath: database))
        for offset in stride(from: 4096, to: bytes.count, by: 512) { bytes[offset] ^= 0xFF }
        try bytes.write(to: URL(filePath: database))
        let damaged = try await lab.run(["doctor", "--database", "--data", lab.data])
        #expect(damaged.exit == .code(1))
        let restored = try await lab.run(["restore", "--force", file, "--data", lab.data])
        #expect(restored.exit == .code(0), "\(restored.errors)")
        let sound = try await lab.run(["doctor", "--data", lab.data, "--database"])
        #expect(sound.exit == .code(0), "\(sound.output)")
        let next = try await ServerProcess.start(lab)
        #expect(try await next.api.tracksByName().keys.sorted() == titles)
        #expect(try await next.stop() == .code(0))
    }

    /// A timer's backup takes the place of an old one.
    private func keepOne(of lab: Lab) async throws {
        let folder = lab.folder + "/kept"
        let old = folder + "/sillon-2020-01-01T000000Z.backup"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: old))
        let made = try await lab.run(["backup", "--keep", "1", folder, "--data", lab.data])
        #expect(made.exit == .code(0) && made.output.contains("Removed \(old)."), "\(made.errors)")
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(kept.count == 1 && kept[0] > "sillon-2026" && kept[0].hasSuffix("Z.backup"), "\(kept)")
    }

    @Test("What cannot be reached, is not there or is asked for wrongly has an exit code of its own")
    func wrong() async throws {
        let lab = try Lab()
        let nobody = "postgres://nobody:secret@127.0.0.1:1/x"
        let cases: [([String], Int32)] = [
            (["doctor", "--database", nobody], 69), (["backup", "x", "--database", nobody], 69),
            (["tasks", "stuck", "--database", nobody], 69), (["tasks", "prune", "--database", nobody], 69),
            (["migrate", "status", "--database", nobody], 69), (["doctor", "--database", "--data", lab.data], 78),
            (["copy", "--to", nobody, "--data", lab.data], 78), (["copy", "--data", lab.data], 64),
            (["tasks", "prune", "--older-than", "soon"], 64), (["backup", "--keep", "0", lab.folder], 64),
            (["backup", "--keep", "1", lab.folder + "/none", "--data", lab.data], 78),
        ]
        for (arguments, code) in cases {
            let finished = try await lab.run(arguments)
            #expect(finished.exit == .code(code), "\(arguments): \(finished.errors)")
            #expect(!finished.errors.contains("secret"))
        }
    }
}
