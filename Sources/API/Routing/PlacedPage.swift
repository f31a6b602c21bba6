import Domain
import UseCases

/// A page of a list whose places have numbers: its cursor is the place where the page begins. What comes or goes before
/// that place shifts what follows.
struct PlacedPage {
    /// One more than is shown, which tells whether another page follows.
    let piece: Piece

    private var limit: Int { piece.limit - 1 }

    init(_ page: PageRequest) throws(Problem) {
        guard let start = page.cursor.map({ Int($0) }) ?? 0, start >= 0 else {
            throw .badRequest("cursor is not one that this list answered")
        }
        piece = Piece(offset: start, limit: page.limit + 1)
    }

    /// - Parameter items: Those of the piece.
    func page<Item>(_ items: [Item]) -> Page<Item> {
        Page(
            items: Array(items.prefix(limit)),
            nextCursor: items.count > limit ? String(piece.offset + limit) : nil)
    }

    /// Of a list that is known whole.
    func page<Item>(of whole: [Item]) -> Page<Item> {
        page(Array(whole.dropFirst(piece.offset).prefix(piece.limit)))
    }
}
