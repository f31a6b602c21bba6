/// What a key has in a configuration file.
enum TOMLValue: Hashable, Sendable {
    case string(String)
    case integer(Int)
    case float(Double)
    case boolean(Bool)
    case strings([String])

    enum Kind: Hashable, Sendable, CaseIterable {
        case string, integer, float, boolean, strings

        var words: String {
            switch self {
            case .string: "a text in quotes"
            case .integer: "a whole number"
            case .float: "a number"
            case .boolean: "true or false"
            case .strings: "a list of texts, [\"…\", \"…\"]"
            }
        }
    }

    var kind: Kind {
        switch self {
        case .string: .string
        case .integer: .integer
        case .float: .float
        case .boolean: .boolean
        case .strings: .strings
        }
    }

    /// As a variable would say it, item by item.
    var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .integer(let number): ["\(number)"]
        case .float(let number): ["\(number)"]
        case .boolean(let flag): ["\(flag)"]
        case .strings(let texts): texts
        }
    }
}
