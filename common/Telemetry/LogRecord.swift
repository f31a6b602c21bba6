import Logging

/// One event as it is about to be written, the same for every format.
package struct LogRecord: Sendable {
    /// Microseconds since the epoch.
    package var time: Int64
    package var level: Logger.Level
    package var label: String
    package var message: String
    /// Flat, sorted by name, secrets hidden.
    package var fields: [(name: String, value: String)]

    package init(
        time: Int64, level: Logger.Level, label: String, message: String, metadata: Logger.Metadata,
        secrets: SecretText = .none
    ) {
        self.time = time
        self.level = level
        self.label = label
        self.message = message
        fields = []
        for (name, value) in metadata { flatten(name, value) }
        for place in fields.indices { fields[place].value = secrets.masked(fields[place].value) }
        fields.sort { $0.name < $1.name }
    }

    /// What stands in the place of a secret.
    package static let hidden = SecretText.hidden

    private mutating func flatten(_ name: String, _ value: Logger.MetadataValue) {
        if LogRecord.isSecret(name) {
            fields.append((name, LogRecord.hidden))
            return
        }
        switch value {
        case .string(let text): fields.append((name, text))
        case .stringConvertible(let item): fields.append((name, item.description))
        case .dictionary(let members): for (key, member) in members { flatten("\(name).\(key)", member) }
        case .array(let items): for (index, item) in items.enumerated() { flatten("\(name).\(index)", item) }
        }
    }

    /// A name with one of these in it never shows its value, wherever it came from; ids of tokens are no secrets.
    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        if name.hasSuffix("_id") { return false }
        return ["token", "secret", "password", "authorization", "cookie", "api_key"].contains { name.contains($0) }
    }
}
