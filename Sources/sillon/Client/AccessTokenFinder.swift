import Foundation

/// Where the token for the server comes from: --token, SILLON_TOKEN, or the file that the first `sillon up` made.
struct AccessTokenFinder: Sendable {
    let settings: Settings

    /// Bytes; a longer file is no token.
    private static let maxTokenBytes = 4096

    /// Nil when there is none: a server may still answer what needs no sign-in.
    func token() throws(CommandError) -> Secret? {
        if let token = settings.token { return token }
        // The file holds the key to this machine's server; it is not sent anywhere else.
        guard settings.isServerLocal else { return nil }
        return try Self.read(settings.adminTokenPath)
    }

    /// Nil when there is no such file.
    static func read(_ path: String) throws(CommandError) -> Secret? {
        guard let file = fopen(path, "re") else {
            guard errno == EACCES else { return nil }
            throw .misconfigured("\(path) belongs to another user; give --token or set SILLON_TOKEN")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: maxTokenBytes)
        let count = fread(&bytes, 1, bytes.count, file)
        let text = String(decoding: bytes[..<count], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .misconfigured("\(path) holds no token; delete it and start again")
        }
        return Secret(text)
    }

    /// For the message that comes after a refusal.
    var explanation: String {
        if settings.token != nil { return "it came from \(settings.name(of: SettingList.listening.token))" }
        if !settings.isServerLocal { return "give --token or set SILLON_TOKEN" }
        return "it is looked for in --token, SILLON_TOKEN and \(settings.adminTokenPath)"
    }
}

extension Settings {
    /// True when the server's address is one of this machine's loopback names.
    var isServerLocal: Bool {
        guard let host = URLComponents(string: server)?.host else { return false }
        if ["localhost", "[::1]", "::1"].contains(host) { return true }
        // Four numbers, the first 127; "127.0.0.1.example.org" is somebody else's name.
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
