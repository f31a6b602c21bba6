import Domain
import UseCases

/// What can be starred and rated, and shows it.
protocol Markable: Sendable {
    static var markKind: MarkKind { get }
    var id: Int64 { get }
    var mark: Mark? { get set }
}

extension Track: Markable {
    static var markKind: MarkKind { .track }
}

extension Album: Markable {
    static var markKind: MarkKind { .album }
}

extension Artist: Markable {
    static var markKind: MarkKind { .artist }
}

extension APIServices {
    /// The same with what the account that asks thinks of them.
    func marked<Item: Markable>(_ items: [Item], for request: APIRequest) async throws -> [Item] {
        let marks = try await listening.marks(
            of: Item.markKind, ids: items.map(\.id), account: try request.account())
        let heard = try await heard(items, request)
        return items.map { item in
            var item = item
            item.mark = marks[item.id]
            if let heard = heard[item.id] {
                var mark = item.mark ?? Mark()
                (mark.plays, mark.lastPlayedAt) = (heard.plays, heard.lastPlayedAt)
                item.mark = mark
            }
            return item
        }
    }

    /// Of albums only: marks of tracks tell it themselves.
    private func heard<Item: Markable>(_ items: [Item], _ request: APIRequest) async throws -> [Int64: Heard] {
        guard Item.markKind == .album else { return [:] }
        return try await listening.heard(ofAlbums: items.map(\.id), account: try request.account())
    }

    func marked<Item: Markable>(_ page: Page<Item>, for request: APIRequest) async throws -> Page<Item> {
        Page(items: try await marked(page.items, for: request), nextCursor: page.nextCursor)
    }

    /// Of tracks inside something else.
    func marked<Whole: Sendable>(
        _ wholes: [Whole], at track: WritableKeyPath<Whole, Track>, for request: APIRequest
    ) async throws -> [Whole] {
        let tracks = try await marked(wholes.map { $0[keyPath: track] }, for: request)
        return zip(wholes, tracks).map { whole, marked in
            var whole = whole
            whole[keyPath: track] = marked
            return whole
        }
    }
}

extension Parameter where Value == Bool {
    static let starred = Parameter("starred", .flag, "True: only what the account that asks has starred.")
}

extension APIRequest {
    /// The account whose stars are asked for; nil when the list is of everything.
    func starredBy() throws(Problem) -> Int64? { try optional(.starred) == true ? try account() : nil }
}
