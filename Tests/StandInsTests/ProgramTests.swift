import Foundation
import Glibc
import TestSupport
import Testing

@testable import StandIns

/// The program that `ops/demo-services` starts.
@Suite struct ProgramTests {
    @Test("The program prints what sillon needs, answers on every address, and ends cleanly on Ctrl-C")
    func program() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sillon-stand-ins-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // a temporary folder
        let process = try SpawnedProcess(
            SillonExecutable.sibling("stand-ins"), ["--port", "0"],
            environment: ["PATH": "/usr/bin:/bin", "TMPDIR": folder.path], log: folder.appending(path: "log").path)
        let text = try await until("the stand-ins are ready") { () -> String? in
            let text = String(decoding: FileManager.default.contents(atPath: process.output) ?? Data(), as: UTF8.self)
            return text.contains("# Ready.") ? text : nil
        }
        let urls = text.matches(of: #/SILLON_(\w+)_URL=(\S+)/#)
        let services = Set(urls.map { String($0.1).lowercased() })
        #expect(services.isSuperset(of: Fleet.Name.allCases.map(\.rawValue)))
        for url in urls {
            let answer = try await Curl.get(String(url.2))
            #expect((200..<500).contains(answer.status), "\(url.2)")
        }
        process.signal(SIGINT)
        #expect(try await process.waitForExit() == .code(0))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.sorted() == ["log.err", "log.out"], "nothing is left behind")
    }
}
