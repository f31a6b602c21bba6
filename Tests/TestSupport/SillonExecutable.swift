import Glibc

/// The program under test, which the build puts next to the test bundle.
package enum SillonExecutable {
    package static let path = sibling("sillon")

    /// Another program of the same build.
    package static func sibling(_ name: String) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        precondition(count > 0, "the test process must know its own file")
        let own = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let candidates = [folder(of: own), folder(of: CommandLine.arguments[0])].map { $0 + "/" + name }
        guard let found = candidates.first(where: { access($0, X_OK) == 0 }) else {
            preconditionFailure("no program \(name) next to this one: \(candidates)")
        }
        return found
    }

    private static func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
