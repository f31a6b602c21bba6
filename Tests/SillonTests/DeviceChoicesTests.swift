import Domain
import Foundation
import Testing

@testable import sillon

@Suite("What the doctor says was chosen, and why")
struct DeviceChoicesTests {
    private func choices(_ variables: [String: String] = [:]) throws -> [String: DoctorReport.Choice] {
        let settings = try Settings(
            flags: Settings.Flags(),
            environment: Environment(
                variables: ["HOME": "/home/ada"].merging(variables) { $1 }, currentFolder: "/work",
                standardErrorIsTerminal: false))
        var profile = DeviceProfile(model: "Pi", cores: 4, memoryBytes: 4 << 30)
        profile.overrides = settings.deviceOverrides
        let all = DeviceChoices(profile: profile, settings: settings).all
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }

    @Test("Each has its reason and the setting that changes it, or says that there is none")
    func usual() throws {
        let choices = try choices()
        #expect(choices["audio slots"]?.value == "3")
        #expect(choices["SQLite"]?.value == "write-ahead log, 16 MiB between checkpoints")
        for choice in choices.values {
            #expect(choice.reason.contains("SILLON_") || choice.reason.hasSuffix("; no setting"), "\(choice)")
        }
        #expect(Role.allCases.allSatisfy { choices["\($0 == .indexer ? "indexer" : $0.rawValue) slots"] != nil })
    }

    @Test("What is set is in effect, and said to be set")
    func set() throws {
        let choices = try choices([
            "SILLON_AUDIO_SLOTS": "2", "SILLON_INDEXER_SLOTS": "1", "SILLON_SQLITE_CACHE": "512",
            "SILLON_MAX_TRANSCODES": "1",
        ])
        #expect(choices["audio slots"]?.value == "2")
        #expect(choices["audio slots"]?.reason == "set by SILLON_AUDIO_SLOTS")
        #expect(choices["indexer slots"]?.value == "1")
        #expect(choices["database cache"]?.value == "512 KiB a connection")
        #expect(choices["encodings at once"]?.value == "1")
    }

    @Test("Only what is used here is told: the roles of its workers, and its engine")
    func used() throws {
        let choices = try choices(["SILLON_ROLES": "vector", "SILLON_DATABASE_URL": "postgres://a@b/c"])
        #expect(choices["audio slots"] == nil && choices["SQLite"] == nil && choices["database cache"] == nil)
        #expect(choices["vector slots"] != nil && choices["database connections"] != nil)
    }
}

@Suite("Where the data folder is, or will be")
struct DataFolderStandingTests {
    private func scratch() throws -> String {
        let folder = NSTemporaryDirectory() + "sillon-standing-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test("A folder is there, or will be made in the nearest one that is")
    func there() throws {
        let folder = try scratch()
        defer { unlink(folder + "/file"); rmdir(folder) }
        #expect(DataFolderProbe(path: folder).standing == .there)
        #expect(DataFolderProbe(path: folder + "/a/b/c").standing == .toBeMade(in: folder))
        try Data().write(to: URL(filePath: folder + "/file"))
        #expect(DataFolderProbe(path: folder + "/file").standing == .refused("is no folder"))
        // The kernel says ENOTDIR for what would lie in a file.
        guard case .refused = DataFolderProbe(path: folder + "/file/x").standing else {
            Issue.record("a file holds no folder")
            return
        }
    }
}
