import Foundation
import Telemetry

/// The surroundings of the process, taken down once; tests make their own.
struct Environment: Sendable {
    var variables: [String: String]
    var currentFolder: String
    var standardErrorIsTerminal: Bool

    /// Nil also for a variable that is set to nothing.
    subscript(name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    func absolute(_ path: String) -> String {
        var path = path.hasPrefix("/") ? path : currentFolder + "/" + path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    static func ofProcess() -> Environment {
        Environment(
            variables: ProcessInfo.processInfo.environment,
            currentFolder: FileManager.default.currentDirectoryPath,
            standardErrorIsTerminal: StandardError.isTerminal)
    }
}
