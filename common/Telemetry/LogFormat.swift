import Logging

/// How a record becomes one line of text.
package enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object a line, for machines.
    case json
    /// For people at a terminal.
    case text

    package func line(_ record: LogRecord) -> String {
        switch self {
        case .json: LogFormat.jsonLine(record)
        case .text: LogFormat.textLine(record)
        }
    }

    private static func jsonLine(_ record: LogRecord) -> String {
        var line = "{\"time\":\"\(RFC3339.text(microseconds: record.time))\",\"level\":\"\(record.level.rawValue)\""
        line += ",\"message\":\(JSONText.quoted(record.message)),\"label\":\(JSONText.quoted(record.label))"
        for field in record.fields {
            line += ",\(JSONText.quoted(safeName(field.name))):\(JSONText.quoted(limited(field.value)))"
        }
        return line + "}\n"
    }

    /// `12:00:00 warning  The worker was lost  task_id=7`
    private static func textLine(_ record: LogRecord) -> String {
        let time = RFC3339.text(microseconds: record.time).dropFirst(11).prefix(8)
        let level = record.level.rawValue
        var line = "\(time) \(level)" + String(repeating: " ", count: max(1, 9 - level.count))
        line += ControlCharacters.escaped(record.message)
        for field in record.fields {
            line += "  \(ControlCharacters.escaped(field.name))=\(textValue(limited(field.value)))"
        }
        return line + "\n"
    }

    /// In quotes where its end could not be told else, or where something in it is escaped.
    private static func textValue(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy {
            $0 != " " && $0 != "=" && $0 != "\"" && $0 != "\\" && !ControlCharacters.isUnsafe($0)
        }
        if isPlain, !value.isEmpty { return value }
        let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(ControlCharacters.escaped(escaped))\""
    }

    /// Metadata cannot take the place of the fields that every line has.
    private static func safeName(_ name: String) -> String {
        ["time", "level", "message", "label"].contains(name) ? name + "_" : name
    }

    /// Characters of one value that are kept.
    package static let maxValueLength = 4096

    private static func limited(_ value: String) -> String {
        value.utf8.count <= maxValueLength ? value : String(value.prefix(maxValueLength)) + "…"
    }
}
