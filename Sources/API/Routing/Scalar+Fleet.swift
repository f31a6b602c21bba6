import Contracts
import Domain

extension Scalar where Value == Int64 {
    /// A random number that is written as text.
    static let token = Scalar(
        schema: ["type": "string", "pattern": "^[0-9]{1,19}$"], expectation: "a positive 64-bit number as text"
    ) {
        guard case .string(let text) = $0, let number = Int64(text), number > 0 else { return nil }
        return number
    }
}

extension Scalar where Value == Double {
    static func number(_ range: ClosedRange<Double>) -> Scalar {
        Scalar(
            schema: ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)],
            expectation: "a number from \(range.lowerBound) to \(range.upperBound)"
        ) {
            let value: Double? =
                switch $0 {
                case .integer(let number): Double(number)
                case .number(let number): number
                default: nil
                }
            return value.flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Scalar {
    static func list<Item>(of item: Scalar<Item>, max: Int) -> Scalar where Value == [Item] {
        Scalar(
            schema: ["type": "array", "items": item.schema, "maxItems": .integer(Int64(max))],
            expectation: "a list of at most \(max) items, each \(item.expectation)"
        ) {
            guard case .array(let items) = $0, items.count <= max else { return nil }
            let values = items.compactMap(item.parse)
            return values.count == items.count ? values : nil
        }
    }

    /// Numbers by name. Names that this build does not know are passed over: the sender may be newer.
    static func counts<Name: CaseIterable & Hashable & RawRepresentable & Sendable>(
        _ range: ClosedRange<Int>
    ) -> Scalar where Value == [Name: Int], Name.RawValue == String {
        let number = Scalar<Int>.integer(range)
        return Scalar(
            schema: ["type": "object", "additionalProperties": number.schema],
            expectation: "an object whose members are \(number.expectation)"
        ) {
            guard case .object(let members) = $0 else { return nil }
            var counts: [Name: Int] = [:]
            for (text, value) in members {
                guard let count = number.parse(value) else { return nil }
                if let name = Name(rawValue: text) { counts[name] = count }
            }
            return counts
        }
    }
}
