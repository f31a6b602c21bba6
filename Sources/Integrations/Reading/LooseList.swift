/// A list as services that convert from XML send it: an array, the only element by itself, or an empty text for none.
/// Elements that make no sense are left out.
struct LooseList<Element: Decodable & Sendable>: Decodable, Sendable {
    let items: [Element]

    /// What comes after is not read: no service is asked for more.
    private static var itemsMax: Int { 1000 }

    init(_ items: [Element] = []) {
        self.items = items
    }

    init(from decoder: any Decoder) throws {
        var found: [Element] = []
        if var list = try? decoder.unkeyedContainer() {  // no array: one element or none
            while !list.isAtEnd, found.count < Self.itemsMax {
                if let item = try list.decode(Lenient<Element>.self).value { found.append(item) }
            }
        } else if let item = try? Element(from: decoder) {  // neither: an empty text
            found.append(item)
        }
        items = found
    }
}

/// Whatever it is, decoding does not fail.
struct Lenient<Value: Decodable & Sendable>: Decodable, Sendable {
    let value: Value?

    init(from decoder: any Decoder) throws {
        value = try? Value(from: decoder)  // what makes no sense is left out
    }
}
