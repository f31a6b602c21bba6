import Foundation
import TestSupport

/// The clients from PyPI.
enum PythonClients {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../StandIns/check")
        .standardizedFileURL

    /// The interpreter that has them.
    static func python() async throws -> String {
        try await PythonEnvironment.python(
            folder.appending(path: "requirements.txt"), name: "stand-in-clients", use: "the stand-ins")
    }
}
