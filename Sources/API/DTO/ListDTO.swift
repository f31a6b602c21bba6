import UseCases

extension Shape {
    /// One page of a list: `{"items": […], "next_cursor": …}`.
    func page(_ name: String) -> Shape<Page<Value>> {
        let items = list
        return .object(name) {
            Field("items", items) { $0.items }
            Field(optional: "next_cursor", .text, "Asks for the next page; null on the last one.") { $0.nextCursor }
        }
    }
}

extension Page {
    /// A list that is short enough to be answered whole.
    static func whole(_ items: [Item]) -> Page { Page(items: items, nextCursor: nil) }
}
