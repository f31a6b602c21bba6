import Programs

/// Programs that the tests need. A missing one fails the test: a test that is passed over proves nothing.
package enum Tool {
    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    /// Answers what it wrote to standard output and standard error.
    @discardableResult
    package static func run(_ program: String, _ arguments: [String]) throws -> String {
        var program = Program(program, arguments)
        program.isOutputHeard = true
        let end = try program.run()
        guard end.status == 0 else {
            throw Failed(description: "\(program.name) ended with status \(end.status): \(end.words)")
        }
        return end.words
    }
}
