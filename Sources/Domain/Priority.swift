/// How soon a task is wanted. The raw value is its lane in the queue: a lower lane is emptied first.
package enum Priority: Int, CaseIterable, Sendable, Comparable {
    case high = 0
    case normal = 1
    case low = 2

    /// Added to the lane of a suspect task, which then runs alone.
    package static let quarantineOffset = 4

    package static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }

    package var name: String {
        switch self {
        case .high: "high"
        case .normal: "normal"
        case .low: "low"
        }
    }

    package init?(name: String) {
        guard let match = Priority.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

extension Priority: Codable {
    package init(from decoder: any Decoder) throws {
        let name = try decoder.singleValueContainer().decode(String.self)
        guard let priority = Priority(name: name) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "priority is low, normal or high"))
        }
        self = priority
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
