import Files
import Foundation

/// The configuration file as it was found: what it says, and what is wrong with it.
struct ConfigFile: Sendable {
    let path: String
    /// By key.
    let entries: [String: TOMLReader.Entry]
    /// With file and line.
    let problems: [String]

    static let none = ConfigFile(path: "", entries: [:], problems: [])
    static let usualPath = "/etc/sillon/sillon.toml"
    static let flag = "--config"
    static let variable = "SILLON_CONFIG"
    static let maxBytes = 262_144

    private init(path: String, entries: [String: TOMLReader.Entry], problems: [String]) {
        self.path = path
        self.entries = entries
        self.problems = problems
    }

    init(path: String, text: String, rights: FileRights, _ environment: Environment) {
        let (read, wrong) = TOMLReader.read(text)
        let problems =
            wrong
            + read.filter { SettingList.byKey[$0.key] == nil }.map {
                TOMLReader.Problem(line: $0.line, text: Self.unknown($0.key))
            }
        self.path = path
        entries = Dictionary(uniqueKeysWithValues: read.map { ($0.key, $0) })
        let place = SettingPlace(environment: environment, isFile: true)
        let secret = read.first { SettingList.byKey[$0.key]?.isSecret($0.value.texts, at: place) == true }?.key
        self.problems =
            [Self.trouble(with: rights, path, secret: secret)].compactMap(\.self)
            + problems.sorted { $0.line < $1.line }.map { "\(path):\($0.line): \($0.text)" }
    }

    /// Says nothing of other keys; what is wrong with the file stays wrong.
    func limited(to keys: Set<String>) -> ConfigFile {
        ConfigFile(path: path, entries: entries.filter { keys.contains($0.key) }, problems: problems)
    }

    private static let maxNameLength = 64

    private static func unknown(_ key: String) -> String {
        let name = key.count > maxNameLength ? key.prefix(maxNameLength) + "…" : key[...]
        return "\(name) is no setting" + (SettingList.nearest(toKey: key).map { "; did you mean \($0)?" } ?? "")
    }

    /// Whoever can write it decides what the server does; whoever can read it has its secrets. The owner is trusted, as
    /// whoever named the file trusts him.
    private static func trouble(with rights: FileRights, _ path: String, secret: String?) -> String? {
        var faults: [(words: String, change: String)] = []
        if rights.areOthersWriters { faults.append(("others may write it", "o-w")) }
        let count = faults.count
        if secret != nil, rights.areOthersReaders { faults.append(("others may read it", "o-r")) }
        if secret != nil, rights.isGroupWriter { faults.append(("its group may write it", "g-w")) }
        guard !faults.isEmpty else { return nil }
        let why = faults.count > count ? secret.map { ", and it holds a secret, \($0)" } ?? "" : ""
        return "\(path): \(faults.map(\.words).joined(separator: " and "))\(why): "
            + "chmod \(faults.map(\.change).joined(separator: ",")) \(Welcome.quoted(path))"
    }

    /// The file that a flag or a variable names, else the usual one if it is there.
    /// - Parameter isNeeded: false for those that have no use for a file which is not theirs to read.
    static func find(
        named flag: String?, _ environment: Environment, isNeeded: Bool = true
    ) throws(CommandError) -> ConfigFile {
        if let named = flag ?? environment[variable] {
            return try open(environment.absolute(named), environment)
        }
        if access(usualPath, R_OK) != 0, [ENOENT, ENOTDIR].contains(errno) || !isNeeded { return .none }
        return try open(usualPath, environment)
    }

    private static func open(_ path: String, _ environment: Environment) throws(CommandError) -> ConfigFile {
        if path == "/dev/null" { return .none }
        // A pipe would be waited for. All that is asked of the file is asked of the one that is open: whose permissions
        // count is the one that is read, wherever links lead and whatever takes its place meanwhile.
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw .misconfigured("\(path): \(SystemMessage.last)") }
        defer { close(descriptor) }
        guard let rights = FileRights.of(descriptor) else { throw .misconfigured("\(path): \(SystemMessage.last)") }
        guard rights.isFile else { throw .misconfigured("\(path) is no file") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: maxBytes)
        while bytes.count <= maxBytes {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw .misconfigured("\(path): \(SystemMessage.last)") }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        guard bytes.count <= maxBytes else { throw .misconfigured("\(path) has more than \(maxBytes) bytes") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .misconfigured("\(path) is no text in UTF-8")
        }
        return ConfigFile(path: path, text: text, rights: rights, environment)
    }
}
