import Contracts
import Domain
import UseCases

extension Scalar where Value == SimilaritySeed {
    /// `{"track": 1}`, `{"album": 2}` or `{"artist": 3}`
    static let seed = Scalar(
        schema: [
            "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
            "properties": [
                "track": Scalar<Int64>.id.schema, "album": Scalar<Int64>.id.schema, "artist": Scalar<Int64>.id.schema,
            ],
        ],
        expectation: "an object with one of track, album and artist, a positive integer"
    ) {
        guard case .object(let members) = $0, members.count == 1, let (kind, value) = members.first,
            let id = Scalar<Int64>.id.parse(value)
        else { return nil }
        switch kind {
        case "track": return .track(id)
        case "album": return .album(id)
        case "artist": return .artist(id)
        default: return nil
        }
    }
}

extension Scalar where Value == [Int64] {
    /// For a URL: `1,2,3`.
    static func ids(max: Int) -> Scalar {
        Scalar(
            schema: ["type": "string", "pattern": "^[0-9]{1,19}(,[0-9]{1,19})*$"],
            expectation: "at most \(max) positive integers with commas between"
        ) {
            guard case .string(let text) = $0 else { return nil }
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let ids = parts.compactMap { Int64($0) }.filter { $0 > 0 }
            return parts.count <= max && ids.count == parts.count ? ids : nil
        }
    }
}

extension Scalar where Value == [TrackTrait] {
    /// For a URL: `live,christmas`.
    static let traits = Scalar(
        schema: ["type": "string", "pattern": "^(explicit|live|christmas)(,(explicit|live|christmas))*$"],
        expectation: "some of explicit, live and christmas with commas between"
    ) {
        guard case .string(let text) = $0 else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let traits = parts.compactMap { TrackTrait(rawValue: String($0)) }
        return parts.count <= TrackTrait.allCases.count && traits.count == parts.count ? traits : nil
    }
}

extension Scalar where Value == Int64 {
    static let radioSeed = Scalar(
        schema: ["type": "integer", "minimum": 0, "maximum": .integer(RadioPlace.maxSeed)],
        expectation: "an integer from 0 to \(RadioPlace.maxSeed)"
    ) {
        guard case .integer(let number) = $0, (0...RadioPlace.maxSeed).contains(number) else { return nil }
        return number
    }
}

extension Scalar where Value == RadioPlace {
    static let radioPlace = Scalar(
        schema: ["type": "string", "pattern": .string("^[0-9a-f]{6,\(Parameter<String>.maxCursorLength)}$")],
        expectation: "a cursor that a radio answered"
    ) {
        guard case .string(let text) = $0, text.utf8.count <= Parameter<String>.maxCursorLength else { return nil }
        return RadioPlace(text: text)
    }
}
