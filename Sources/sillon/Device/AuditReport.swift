import ArgumentParser
import Persistence

/// What `sillon doctor --database` found: a line for everything that it looked for.
struct AuditReport: Sendable, Encodable {
    let database: String
    let isSound: Bool
    let checks: [DatabaseAudit.Check]

    private enum CodingKeys: String, CodingKey {
        case database, checks
        case isSound = "sound"
    }

    init(database: String, checks: [DatabaseAudit.Check]) {
        self.database = database
        self.checks = checks
        isSound = !checks.contains { $0.verdict == .problem }
    }

    func lines() -> [String] {
        let width = checks.map { "\($0.count)".count }.max() ?? 0
        let found = checks.count { $0.verdict == .problem }
        return ["Database \(database)", ""]
            + checks.map { check in
                let mark = check.verdict == .fine ? "  " : (check.verdict == .remark ? "! " : "✗ ")
                let count = "\(check.count)"
                return mark + String(repeating: " ", count: width - count.count) + count + " " + check.check
                    + (check.detail.map { " (\($0))" } ?? "")
            }
            + ["", found == 0 ? "Nothing contradicts itself." : "\(found) of \(checks.count) checks found something."]
    }
}

/// `--database` may come with or without a value.
enum AuditedDatabase: ExpressibleByArgument, CustomStringConvertible {
    case configured
    case named(String)

    init(argument: String) {
        self = .named(argument)
    }

    var location: String? {
        switch self {
        case .configured: nil
        case .named(let text): text
        }
    }

    var description: String { location ?? "the configured one" }
}
