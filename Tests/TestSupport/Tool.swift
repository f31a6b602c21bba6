import Foundation

/// Programs that the tests need. A missing one fails the test: a test that is passed over proves nothing.
package enum Tool {
    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    @discardableResult
    package static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == 0 else {
            throw Failed(description: "\(program) ended with \(process.terminationStatus): \(text)")
        }
        return text
    }
}
