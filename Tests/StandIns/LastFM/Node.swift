/// An element as Last.fm keeps it: sent as XML, or as the JSON that its converter makes of the XML.
struct Node: Sendable {
    /// What a list of one becomes in JSON.
    enum Single: Sendable {
        case array
        /// An object, as converters from XML make it.
        case object
    }

    enum Value: Sendable {
        case text(String)
        /// In JSON not in quotes.
        case number(JSON)
        case children([Node])
        /// Elements of one name, which become a list.
        case list([Node], name: String, single: Single)
    }

    let name: String
    var attributes: [(name: String, value: JSON)] = []
    let value: Value

    init(_ name: String, _ text: String, _ attributes: [(name: String, value: JSON)] = []) {
        self.name = name
        self.attributes = attributes
        value = .text(text)
    }

    init(_ name: String, number: JSON) {
        self.name = name
        value = .number(number)
    }

    init(_ name: String, _ attributes: [(name: String, value: JSON)] = [], children: [Node]) {
        self.name = name
        self.attributes = attributes
        value = .children(children)
    }

    /// Elements named `item` inside one named `name`.
    init(
        _ name: String, _ attributes: [(name: String, value: JSON)] = [], list: [Node], of item: String,
        single: Single = .object
    ) {
        self.name = name
        self.attributes = attributes
        value = .list(list, name: item, single: single)
    }

    // MARK: XML

    var xml: String {
        let attributes = attributes.map { " \($0.name)=\"\(Self.escaped(Self.plain($0.value)))\"" }.joined()
        return "<\(name)\(attributes)>\(inner)</\(name)>"
    }

    private var inner: String {
        switch value {
        case .text(let text): Self.escaped(text)
        case .number(let number): Self.plain(number)
        case .children(let nodes), .list(let nodes, _, _): nodes.map(\.xml).joined()
        }
    }

    private static func plain(_ value: JSON) -> String { value.string ?? (value == .null ? "" : value.text) }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    // MARK: JSON

    var json: JSON {
        switch value {
        case .text(let text):
            guard !attributes.isEmpty else { return .string(text) }
            return .object([JSON.Member(name: "#text", value: .string(text))] + attributeMembers)
        case .number(let number): return number
        case .children(let nodes): return .object(Self.members(of: nodes) + attributeMember)
        case .list(let nodes, let item, let single):
            let values = nodes.map(\.json)
            let list = values.count == 1 && single == .object ? values[0] : .array(values)
            return .object([JSON.Member(name: item, value: list)] + attributeMember)
        }
    }

    /// Children by name; those that share one (images) become a list.
    private static func members(of nodes: [Node]) -> [JSON.Member] {
        var members: [JSON.Member] = []
        for node in nodes where !members.contains(where: { $0.name == node.name }) {
            let same = nodes.filter { $0.name == node.name }.map(\.json)
            members.append(JSON.Member(name: node.name, value: same.count == 1 ? same[0] : .array(same)))
        }
        return members
    }

    private var attributeMembers: [JSON.Member] { attributes.map { JSON.Member(name: $0.name, value: $0.value) } }

    private var attributeMember: [JSON.Member] {
        attributes.isEmpty ? [] : [JSON.Member(name: "@attr", value: .object(attributeMembers))]
    }
}
