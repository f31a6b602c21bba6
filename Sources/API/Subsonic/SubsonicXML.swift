/// Writes a tree as XML 1.0: attributes first, then elements, in the order of the tree.
struct SubsonicXML {
    private(set) var bytes: [UInt8] = []

    static let namespace = "http://subsonic.org/restapi"

    static func document(_ root: SubsonicNode) -> [UInt8] {
        var writer = SubsonicXML()
        writer.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        writer.element("subsonic-response", root, namespace: namespace)
        return writer.bytes
    }

    private mutating func element(_ name: String, _ node: SubsonicNode, namespace: String? = nil) {
        raw("<\(name)")
        if let namespace { raw(" xmlns=\"\(namespace)\"") }
        var isEmpty = true
        for (name, member) in node.members {
            switch member {
            case .attribute(let scalar):
                raw(" \(name)=\"")
                escape(Self.text(scalar), inAttribute: true)
                raw("\"")
            case .children(let nodes): isEmpty = isEmpty && nodes.isEmpty
            case .values(let values): isEmpty = isEmpty && values.isEmpty
            case .element, .content, .child: isEmpty = false
            }
        }
        guard !isEmpty else { return raw("/>") }
        raw(">")
        for (name, member) in node.members {
            switch member {
            case .attribute: break
            case .element(let scalar): leaf(name, scalar)
            case .content(let scalar): escape(Self.text(scalar), inAttribute: false)
            case .child(let node): element(name, node)
            case .children(let nodes): for node in nodes { element(name, node) }
            case .values(let scalars): for scalar in scalars { leaf(name, scalar) }
            }
        }
        raw("</\(name)>")
    }

    private mutating func leaf(_ name: String, _ scalar: SubsonicNode.Scalar) {
        raw("<\(name)>")
        escape(Self.text(scalar), inAttribute: false)
        raw("</\(name)>")
    }

    private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private static func text(_ scalar: SubsonicNode.Scalar) -> String {
        switch scalar {
        case .text(let text): text
        case .integer(let number): String(number)
        case .number(let number): number.description
        case .flag(let flag): flag ? "true" : "false"
        }
    }

    private mutating func escape(_ text: String, inAttribute: Bool) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": raw("&amp;")
            case "<": raw("&lt;")
            case ">": raw("&gt;")
            case "\"" where inAttribute: raw("&quot;")
            // A parser makes blanks of these in attributes, and another end of line of the last everywhere.
            case "\n" where inAttribute: raw("&#10;")
            case "\t" where inAttribute: raw("&#9;")
            case "\r": raw("&#13;")
            default: bytes.append(contentsOf: UTF8.encode(Self.isAllowed(scalar) ? scalar : "\u{FFFD}") ?? .init())
            }
        }
    }

    /// What XML 1.0 lets a document hold (production 2 of its grammar).
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
