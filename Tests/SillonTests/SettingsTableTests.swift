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

    @Test(
        "All that can be set on a server is shown, but for the settings of each service, which are on a page of their own"
    )
    func complete() throws {
        let onServer = Set(try Self.settings(["SILLON_DATABASE_URL": "postgres://db.example/music"]).table.map(\.name))
        let all = Set(SettingList.groups.flatMap(\.settings).map(\.variable))
        let elsewhere = SettingGroup("", SettingList.elsewhere).settings.map(\.variable)
        #expect(onServer == all.subtracting(["SILLON_SERVER", "SILLON_TOKEN"] + elsewhere))
        let inFile = Set(try Self.settings([:]).table.map(\.name))
        #expect(onServer.subtracting(inFile).allSatisfy { $0.hasPrefix("SILLON_DATABASE_") })
    }
}
