import NIOCore

/// What a server says when it listens.
enum Welcome {
    @Sendable static func show(_ channel: any Channel, _ settings: Settings) {
        let port = channel.localAddress?.port ?? settings.port
        do {
            try Console.line(lines(settings, port: port).joined(separator: "\n"))
        } catch {
            // Nobody reads standard output; the server does not need it.
        }
    }

    static func lines(_ settings: Settings, port: Int) -> [String] {
        let everywhere = ["0.0.0.0", "::"].contains(settings.host)
        let host = everywhere ? "127.0.0.1" : (settings.host.contains(":") ? "[\(settings.host)]" : settings.host)
        let url = "http://\(host):\(port)"
        return [
            "Sillon listens on \(url)" + (everywhere ? " and on every other address of this machine" : ""),
            "Sign in: curl -H \"Authorization: Bearer $(cat \(quoted(settings.adminTokenPath)))\" \(url)/v1/library",
        ]
    }

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
