/// Similar tracks as people read them.
struct SimilarTable: Sendable {
    /// Likeness to the track before, for lists that are played in their order.
    var showsStep = false
    /// What the distance is made of, and what the rules did.
    var showsWhy = false

    func table(_ items: [SimilarView]) -> TextTable {
        var columns: [TextTable.Column] = [.init("#", .right), .init("SCORE", .right)]
        if showsStep { columns.append(.init("STEP", .right)) }
        columns += [
            .init("ARTIST – TITLE", canShrink: true), .init("ALBUM", canShrink: true), .init("TEMPO", .right),
            .init("KEY"), .init("ID", .right),
        ]
        if showsWhy {
            columns += [
                .init("TIMBRE", .right), .init("RHYTHM", .right), .init("TONALITY", .right), .init("LOUDNESS", .right),
                .init("RULES"),
            ]
        }
        var table = TextTable(columns)
        for (index, item) in items.enumerated() { table.add(cells(index + 1, item)) }
        return table
    }

    private func cells(_ number: Int, _ item: SimilarView) -> [String?] {
        var cells: [String?] = ["\(number)", Readable.decimal(item.score, 3)]
        if showsStep { cells.append(item.step.map { Readable.decimal($0, 3) }) }
        cells += [item.track.name, item.track.album, item.track.tempo, item.track.key, "\(item.track.id)"]
        guard showsWhy else { return cells }
        let shares = item.why.distance
        cells += [shares?.timbre, shares?.rhythm, shares?.tonality, shares?.loudness].map { share in
            share.map { Readable.decimal($0 * 100, 0) + " %" }
        }
        return cells + [item.rules]
    }
}
