import Logging
import Telemetry

/// What a server says when it listens.
enum Welcome {
    static func show(_ settings: Settings, port: Int, _ logger: Logger) {
        if settings.logFormat == .json {
            logger.notice("The server listens", metadata: [LogKeys.address: "\(address(settings, port: port))"])
        }
        do {
            try tell(lines(settings, port: port).joined(separator: "\n"), settings)
        } catch {
            // Nobody reads standard output; the server does not need it.
        }
    }

    /// To standard output, unless that is a log for machines.
    static func tell(_ text: String, _ settings: Settings) throws(CommandError) {
        if settings.logFormat == .json { StandardError.write(text + "\n") } else { try Console.line(text) }
    }

    /// What is told goes to a terminal, and to nothing that keeps it.
    static func isWatched(_ settings: Settings) -> Bool {
        settings.logFormat == .json ? StandardError.isTerminal : Console.isTerminal
    }

    static func lines(_ settings: Settings, port: Int) -> [String] {
        let url = address(settings, port: port)
        let others = isEverywhere(settings) ? " and on every other address of this machine" : ""
        return [
            "Sillon listens on \(url)\(others)",
            "Sign in: curl -H \"Authorization: Bearer $(cat \(quoted(settings.adminTokenPath)))\" \(url)/v1/library",
        ]
    }

    /// Where this machine reaches the server.
    static func address(_ settings: Settings, port: Int) -> String {
        let host = isEverywhere(settings) ? Settings.defaultHost : settings.host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    private static func isEverywhere(_ settings: Settings) -> Bool { ["0.0.0.0", "::"].contains(settings.host) }

    /// For a POSIX shell.
    static func quoted(_ path: String) -> String {
        let plain = path.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return plain ? path : "'" + path.replacing("'", with: "'\\''") + "'"
    }
}
