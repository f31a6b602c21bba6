/// Groups of files of one recording as people read them, an empty line between two groups.
enum DuplicateTable {
    static func table(_ groups: [DuplicateGroupView]) -> TextTable {
        var table = TextTable([
            .init("WHY"), .init("FORMAT"), .init("LENGTH", .right), .init("ID", .right),
            .init("ARTIST – TITLE", canShrink: true), .init("PATH", canShrink: true),
        ])
        for (number, group) in groups.enumerated() {
            if number > 0 { table.add(["", "", "", "", "", ""]) }
            for item in group.items {
                table.add([
                    item.why, item.format, item.track.length, "\(item.track.id)", item.track.name, item.track.place,
                ])
            }
        }
        return table
    }
}
