import Domain
import Foundation
import UseCases

/// Where a page ended: the sort key and the id of its last row, so that rows which come or go shift nothing.
struct CatalogueCursor {
    let key: String
    let id: Int64

    static let start = CatalogueCursor(key: "", id: 0)

    init(key: String, id: Int64) {
        self.key = key
        self.id = id
    }

    /// Throws `preconditionFailed` for text that is no cursor of these lists.
    init(_ text: String?) throws {
        guard let text else {
            self = .start
            return
        }
        guard let bytes = Hex.decode(text), let string = String(validating: bytes, as: UTF8.self),
            let colon = string.firstIndex(of: ":"), let id = Int64(string[..<colon])
        else { throw StoreError.preconditionFailed("the cursor is not one of this list") }
        self.id = id
        key = String(string[string.index(after: colon)...])
    }

    var text: String { Hex.encode(Array("\(id):\(key)".utf8)) }
}

extension Page {
    /// Makes a page of rows of which one more than `limit` was asked for.
    init(_ items: [Item], limit: Int, cursor: (Item) -> CatalogueCursor) {
        let shown = Array(items.prefix(limit))
        self.init(items: shown, nextCursor: items.count > limit ? shown.last.map { cursor($0).text } : nil)
    }
}
