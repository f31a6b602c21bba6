import API
import Domain
import Foundation
import Testing

@testable import sillon

/// What administrators see of the settings.
@Suite struct SettingsTableTests {
    private static func settings(_ variables: [String: String]) throws -> Settings {
        try Settings(
            flags: Settings.Flags(),
            environment: Environment(
                variables: ["HOME": "/home/ada"].merging(variables) { $1 }, currentFolder: "/work",
                standardErrorIsTerminal: false))
    }

    @Test("Settings in effect are shown by the names of their variables, and no secret is")
    func secrets() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID())")
        try Data("file-secret\n".utf8).write(to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }  // the system empties the folder
        let settings = try Self.settings([
            "SILLON_DATABASE_URL": "postgres://ada:hunter2@db.example/music", "SILLON_TOKEN": "sillon_secret",
            "SILLON_REDIS_URL": "redis://:hunter3@cache.example:6379/1", "SILLON_LASTFM_KEY": "plain-secret",
            "SILLON_LASTFM_SECRET_FILE": folder.path, "SILLON_PORT": "8099",
            "SILLON_OTLP_ENDPOINT": "http://127.0.0.1:4318", "SILLON_OTLP_HEADERS": "authorization=hunter4",
        ])
        let table = Dictionary(uniqueKeysWithValues: settings.table.map { ($0.name, $0.value) })
        #expect(table["SILLON_PORT"] == "8099" && table["SILLON_CONTACT"] == .some(nil))
        #expect(table["SILLON_DATABASE_URL"]??.contains("db.example") == true)
        #expect(table["SILLON_REDIS_URL"] == "redis://cache.example:6379/1")
        #expect(table["SILLON_DATABASE_POOL_SIZE"] != nil)
        #expect(table["SILLON_OTLP_HEADERS"] == "authorization=…")
        let lastFM = try #require(settings.services.described.first { $0.id == .lastfm })
        #expect(
            lastFM.secrets == [
                .init(title: "key", variable: "SILLON_LASTFM_KEY", isSet: true),
                .init(title: "secret", variable: "SILLON_LASTFM_SECRET_FILE", isSet: true),
            ])
        let shown = "\(settings.table) \(settings.services.described)"
        for secret in ["hunter2", "hunter3", "hunter4", "sillon_secret", "plain-secret", "file-secret"] {
            #expect(!shown.contains(secret), "\(secret)")
        }
        let openAI = try #require(settings.services.described.first { $0.id == .openai })
        #expect(openAI.address.value == nil && openAI.secrets.map(\.isSet) == [false])
    }

    @Test("What the README says can be set on a server is shown")
    func complete() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
        let readme = try String(contentsOf: file, encoding: .utf8)
        let rows = readme.split(separator: "\n").filter { $0.hasPrefix("| `SILLON_") }
        #expect(rows.count > 20)
        let shown = Set(try Self.settings(["SILLON_DATABASE_URL": "postgres://db.example/music"]).table.map(\.name))
        // The client's alone, and those of each service, which are on a page of their own.
        let elsewhere: Set = ["SILLON_SERVER", "SILLON_TOKEN"]
        for row in rows {
            for name in row.split(separator: "|")[0].matches(of: /SILLON_[A-Z_]+/).map({ String($0.output) })
            where !name.hasPrefix("SILLON_X_") && !elsewhere.contains(name) {
                #expect(shown.contains(name), "\(name)")
            }
        }
    }
}
