/// A part of an answer, said once for XML and JSON: an element or an object, whose members keep their order.
struct SubsonicNode: Sendable {
    enum Scalar: Sendable {
        case text(String), integer(Int64), number(Double), flag(Bool)
    }

    /// What a member is: the two formats differ in how they write it.
    enum Member: Sendable {
        /// An attribute in XML.
        case attribute(Scalar)
        /// In XML an element that holds text alone.
        case element(Scalar)
        /// In XML the text of the element itself.
        case content(Scalar)
        case child(SubsonicNode)
        /// In XML one element each, and nothing for none; in JSON always a list.
        case children([SubsonicNode])
        /// As `children`, of values.
        case values([Scalar])
    }

    private(set) var members: [(name: String, member: Member)] = []

    mutating func add(_ name: String, _ member: Member) {
        members.append((name, member))
    }

    // What is absent is left out.

    mutating func set(_ name: String, _ text: String?) {
        if let text { add(name, .attribute(.text(text))) }
    }

    mutating func set(_ name: String, _ number: (some BinaryInteger)?) {
        if let number { add(name, .attribute(.integer(Int64(clamping: number)))) }
    }

    mutating func set(_ name: String, number: Double?) {
        if let number, number.isFinite { add(name, .attribute(.number(number))) }
    }

    mutating func set(_ name: String, flag: Bool?) {
        if let flag { add(name, .attribute(.flag(flag))) }
    }

    /// - Parameter time: Microseconds since the epoch.
    mutating func set(_ name: String, time: Int64?) {
        if let time { set(name, Timestamp.text(time)) }
    }

    mutating func set(_ name: String, texts: [String]) {
        if !texts.isEmpty { add(name, .values(texts.map(Scalar.text))) }
    }
}
