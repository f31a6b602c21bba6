/// A piece of a list by its place: so many, from the `offset`th on.
package struct Piece: Hashable, Sendable {
    package let offset: Int
    package let limit: Int

    /// Below zero is zero.
    package init(offset: Int = 0, limit: Int) {
        self.offset = max(0, offset)
        self.limit = max(0, limit)
    }

    /// Where the piece ends in its list.
    package var end: Int { offset.addingReportingOverflow(limit).overflow ? .max : offset + limit }
}
