/// Where the vector of an id is. Made for ids that were counted up: 4 bytes for each, in pages that are copied by
/// themselves. Ids that lie far apart cost a page each.
struct PlaceTable: Sendable {
    private struct Page {
        var places = [UInt32](repeating: none, count: pageSize)
        var used = 0
    }

    private(set) var count = 0
    private var pages: [Int64: Page] = [:]

    /// Ids of a page, as a power of two.
    private static let pageBits: Int64 = 9
    private static let pageSize = 1 << Int(pageBits)
    private static let none = UInt32.max
    /// Places are below this.
    static let limit = Int(none)

    subscript(_ id: Int64) -> Int? {
        guard let place = pages[id >> Self.pageBits]?.places[Self.offset(id)], place != Self.none else { return nil }
        return Int(place)
    }

    /// - Parameter place: In 0..<`limit`.
    mutating func set(_ id: Int64, _ place: Int) {
        let isNew = self[id] == nil
        let offset = Self.offset(id)
        pages[id >> Self.pageBits, default: Page()].places[offset] = UInt32(place)
        guard isNew else { return }
        pages[id >> Self.pageBits]?.used += 1
        count += 1
    }

    /// Answers where the id was.
    mutating func remove(_ id: Int64) -> Int? {
        guard let place = self[id] else { return nil }
        let key = id >> Self.pageBits
        pages[key]?.places[Self.offset(id)] = Self.none
        pages[key]?.used -= 1
        if pages[key]?.used == 0 { pages[key] = nil }
        count -= 1
        return place
    }

    private static func offset(_ id: Int64) -> Int {
        Int(id & (1 << pageBits - 1))
    }
}
