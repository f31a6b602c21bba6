/// Numbers that follow from an id: the same always.
enum Counts {
    static func listeners(_ id: String) -> Int { 200 + Int(sum(id) % 90_000) }
    static func plays(_ id: String) -> Int { listeners(id) * (3 + Int(sum(id) % 7)) }

    private static func sum(_ id: String) -> UInt32 { id.utf8.reduce(UInt32(11)) { ($0 &* 131) &+ UInt32($1) } }
}
