/// A number that may come as a text, or as a text without a number in it.
struct LooseNumber: Decodable, Sendable {
    /// Finite.
    let value: Double?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {  // a text, perhaps
            value = number.isFinite ? number : nil
        } else {
            let text = try? container.decode(String.self)  // neither is no number
            value = text.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
        }
    }

    /// Whole, from 0.
    var count: Int? { value.flatMap { Int(exactly: $0.rounded()) }.flatMap { $0 >= 0 ? $0 : nil } }

    /// Nil for 0, too, which stands for what is not known.
    var amount: Int? { count.flatMap { $0 > 0 ? $0 : nil } }
}

/// A text that may be a number, or nothing.
struct LooseText: Decodable, Sendable {
    /// Not empty.
    let value: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {  // a number, perhaps
            value = text.isEmpty ? nil : text
        } else {
            value = (try? container.decode(Int64.self)).map(String.init)  // neither is no text
        }
    }
}
