/// One page of a list, and the cursor of the next one.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Opaque; nil on the last page.
    package let nextCursor: String?

    package init(items: [Item], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
    }
}

/// What part of a list is wanted. A store throws `preconditionFailed` for a cursor that it did not make.
package struct PageRequest: Hashable, Sendable {
    package static let defaultLimit = 50
    package static let maxLimit = 500

    package let cursor: String?
    package let limit: Int

    package init(cursor: String? = nil, limit: Int = PageRequest.defaultLimit) {
        self.cursor = cursor
        self.limit = min(max(1, limit), PageRequest.maxLimit)
    }
}
