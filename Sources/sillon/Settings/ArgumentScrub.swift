import Glibc

/// Takes tokens and the passwords of database URLs off the command line, where every user of the machine could read
/// them.
enum ArgumentScrub {
    /// Overwrites them in the memory that the system shows; call after the arguments were copied.
    static func hideSecrets() {
        var previous: [UInt8] = []
        for number in 0..<Int(CommandLine.argc) {
            guard let argument = CommandLine.unsafeArgv[number] else { continue }
            let text = Array(String(cString: argument).utf8)
            for range in secrets(in: text, after: previous) {
                for offset in range { argument[offset] = CChar(UInt8(ascii: "x")) }
            }
            previous = text
        }
    }

    /// Of the value of `--token`, and of a database URL, as offsets of bytes.
    static func secrets(in text: [UInt8], after previous: [UInt8]) -> [Range<Int>] {
        let token = Array("--token".utf8)
        if previous == token { return [0..<text.count] }
        if text.starts(with: token + [UInt8(ascii: "=")]) { return [(token.count + 1)..<text.count] }
        return secrets(in: text)
    }

    /// Where the password is in `postgres://user:password@host/name?password=…`, as offsets of bytes.
    static func secrets(in text: [UInt8]) -> [Range<Int>] {
        guard let scheme = offset(of: "://", in: text, from: 0),
            String(decoding: text[..<scheme], as: UTF8.self).contains("postgres")
        else { return [] }
        var ranges: [Range<Int>] = []
        let start = scheme + 3
        let hostEnd = text[start...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? text.count
        // A password may hold anything: take the last @ before the end of the whole text as the end of it.
        if let at = text[start...].lastIndex(of: UInt8(ascii: "@")),
            let colon = text[start..<at].firstIndex(of: UInt8(ascii: ":")), colon < max(hostEnd, at)
        {
            ranges.append((colon + 1)..<at)
        }
        if let key = offset(of: "password=", in: text, from: start) {
            let value = key + "password=".utf8.count
            ranges.append(value..<(text[value...].firstIndex(of: UInt8(ascii: "&")) ?? text.count))
        }
        return ranges
    }

    private static func offset(of word: String, in text: [UInt8], from start: Int) -> Int? {
        let word = Array(word.utf8)
        guard text.count >= start + word.count else { return nil }
        return (start...(text.count - word.count)).first { text[$0...].starts(with: word) }
    }
}
