import UseCases

/// What of the library is looked at, as the URL says. What is empty says nothing.
struct LibraryView: Sendable {
    enum Shelf: String, CaseIterable, Sendable {
        case albums, artists, tracks, genres, playlists
    }

    enum Order: String, CaseIterable, Sendable {
        case newest, title
    }

    var shelf = Shelf.albums
    var order = Order.newest
    var isStarred = false
    /// Where a list of artists begins.
    var start: String?
    /// What is searched for, instead of looking at a shelf.
    var words: String?
    var cursor: String?

    private static let maxLength = 64
    private static let maxWordsLength = 200
    private static let view = Parameter("view", .text(0...maxLength), "albums, artists, tracks, genres or playlists.")
    private static let sort = Parameter("sort", .text(0...maxLength), "Of albums: newest or title.")
    private static let starred = Parameter(
        "starred", .text(0...maxLength), "true: only what the account that asks has starred.")
    private static let from = Parameter("from", .text(0...maxLength), "Artists from this name on.")
    private static let query = Parameter(
        "q", .text(0...maxWordsLength), "Words, or beginnings of words, of titles, artists, albums or genres.")
    static let parameters = [
        ParameterSpec(view), ParameterSpec(sort), ParameterSpec(starred), ParameterSpec(from), ParameterSpec(query),
        ParameterSpec(.cursor),
    ]

    init(_ shelf: Shelf = .albums) {
        self.shelf = shelf
    }

    init(query request: APIRequest) throws(Problem) {
        shelf = try Self.choice(request, Self.view) ?? .albums
        order = try Self.choice(request, Self.sort) ?? .newest
        isStarred = try Self.text(request, Self.starred) == "true"
        start = try Self.text(request, Self.from)
        words = try Self.text(request, Self.query)
        cursor = try request.optional(.cursor)
    }

    private static func text(_ request: APIRequest, _ parameter: Parameter<String>) throws(Problem) -> String? {
        guard let text = try request.optional(parameter), !text.allSatisfy(\.isWhitespace) else { return nil }
        return text
    }

    private static func choice<Value: RawRepresentable<String>>(
        _ request: APIRequest, _ parameter: Parameter<String>
    ) throws(Problem) -> Value? {
        guard let text = try text(request, parameter) else { return nil }
        guard let value = Value(rawValue: text) else { throw .badRequest("\(parameter.name) is nothing there is here") }
        return value
    }

    /// The same place from its beginning.
    var path: LocalPath {
        var path = LocalPath.library
        if let words { return path.with("q", words) }
        if shelf != .albums { path = path.with("view", shelf.rawValue) }
        if order != .newest { path = path.with("sort", order.rawValue) }
        if isStarred { path = path.with("starred", "true") }
        if let start { path = path.with("from", start) }
        return path
    }

    func changed(_ change: (inout LibraryView) -> Void) -> LibraryView {
        var view = self
        change(&view)
        return view
    }
}
