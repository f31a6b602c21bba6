import Foundation
import TestSupport
import Testing

/// What the scripts in `ops` do besides calling the executable.
@Suite struct OpsScriptTests {
    private let folder: URL

    init() throws {
        folder = URL(filePath: NSTemporaryDirectory()).appending(path: ".sillon ops \(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func bash(_ script: String, _ arguments: String...) throws -> String {
        let repository = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        return try Tool.run("bash", ["-c", "cd '\(repository.path)' && \(script)", "bash"] + arguments)
    }

    @Test("A corpus may lie in a hidden folder; what is hidden in it is left out")
    func hiddenFolder() throws {
        for name in ["a.mp3", "b/c d.mp3", "b/.hidden.mp3", ".trash/e.mp3"] {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: file)
        }
        let listed = try bash(#". ops/lib.sh && list_files "$1""#, folder.path).split(separator: "\n").sorted()
        #expect(listed == ["a.mp3", "b/c d.mp3"].map { "\(folder.path)/\($0)" })
        try FileManager.default.removeItem(at: folder)
    }

    @Test("A benchmark of scans without files says so")
    func emptyCorpus() throws {
        let problem = #expect(throws: Tool.Failed.self) {
            try bash(#"SILLON=true CORPUS="$1" ops/bench-scan"#, folder.path)
        }
        #expect(problem?.description.contains("error: there are no files in \(folder.path)") == true)
        try FileManager.default.removeItem(at: folder)
    }
}
