import Contracts
import Domain
import Telemetry
import UseCases

/// What a probe prints: JSON, or the same as indented `name: value` lines.
enum ProbeText {
    static func show(_ value: some Encodable, json: Bool) throws {
        let text = ContractJSON.encode(value)
        if json { return try Console.line(text) }
        let tree = try ContractJSON.decode(JSONValue.self, from: text)
        try Console.line(lines(tree, indent: 0).map(ControlCharacters.escaped).joined(separator: "\n"))
    }

    static func lines(_ value: JSONValue, indent: Int) -> [String] {
        guard case .object(let members) = value else { return [pad(indent) + inline(value)] }
        return members.sorted { $0.key < $1.key }.flatMap { name, member -> [String] in
            if case .object(let inner) = member {
                return inner.isEmpty ? [] : ["\(pad(indent))\(name):"] + lines(member, indent: indent + 1)
            }
            return ["\(pad(indent))\(name): \(inline(member))"]
        }
    }

    private static func inline(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .array(let items): items.map(inline).joined(separator: "; ")
        default: ContractJSON.encode(value)
        }
    }

    private static func pad(_ indent: Int) -> String { String(repeating: "  ", count: indent) }

    /// A tag reading without the bytes of its cover.
    struct Tags: Encodable {
        let facts: FileFacts
        let metadata: TrackMetadata
        let properties: AudioProperties
        let cover: Cover?

        struct Cover: Encodable {
            let hash: String
            let mediaType: String
            let bytes: Int

            enum CodingKeys: String, CodingKey {
                case hash, bytes
                case mediaType = "media_type"
            }
        }

        init(_ reading: TagReading) {
            (facts, metadata, properties) = (reading.facts, reading.metadata, reading.properties)
            cover = reading.cover.map { Cover(hash: $0.hash, mediaType: $0.mediaType, bytes: $0.data.count) }
        }
    }
}
