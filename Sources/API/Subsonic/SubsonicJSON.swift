/// Writes a tree as JSON.
enum SubsonicJSON {
    static func document(_ root: SubsonicNode) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("subsonic-response")
            write(root, to: &writer)
        }
        return writer.bytes
    }

    private static func write(_ node: SubsonicNode, to writer: inout JSONWriter) {
        writer.object { writer in
            for (name, member) in node.members {
                writer.key(name)
                switch member {
                case .attribute(let scalar), .element(let scalar): write(scalar, to: &writer)
                case .child(let node): write(node, to: &writer)
                case .children(let nodes): writer.array { for node in nodes { write(node, to: &$0) } }
                case .values(let scalars): writer.array { for scalar in scalars { write(scalar, to: &$0) } }
                case .content(let scalar): write(scalar, to: &writer)
                }
            }
        }
    }

    private static func write(_ scalar: SubsonicNode.Scalar, to writer: inout JSONWriter) {
        switch scalar {
        case .text(let text): writer.string(text)
        case .integer(let number): writer.integer(number)
        case .number(let number): writer.number(number)
        case .flag(let flag): writer.bool(flag)
        }
    }
}
