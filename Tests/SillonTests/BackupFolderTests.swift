import Foundation
import Testing

@testable import sillon

@Suite struct BackupFolderTests {
    @Test("A second backup within the same second has a name of its own, and the oldest goes first")
    func sameSecond() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "sillon-folder-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }  // the system's temporary folder
        let folder = BackupFolder(path: path)
        try folder.prepare()
        let moment = Date(timeIntervalSince1970: 1_800_000_000)
        var made: [String] = []
        for _ in 0..<3 {
            let file = folder.file(at: moment)
            #expect(!made.contains(file))
            try "x".write(toFile: file, atomically: false, encoding: .utf8)
            made.append(file)
        }
        #expect(made == made.sorted())
        #expect(try folder.removeAll(but: 2) == [made[0]])
    }
}
