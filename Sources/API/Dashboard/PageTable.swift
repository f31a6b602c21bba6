/// Rows that become cards where the window is narrow.
struct PageTable {
    struct Column {
        let title: String
        let isNumber: Bool

        init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    let label: String
    let columns: [Column]
    private var rows: [HTML] = []

    init(_ label: String, _ columns: [Column]) {
        self.label = label
        self.columns = columns
    }

    /// The first cell heads its row.
    mutating func add(_ cells: [HTML]) {
        let row = zip(columns, cells).enumerated().map { index, pair in cell(pair.0, pair.1, isHead: index == 0) }
        rows.append(HTML(.tr) { row.reduce(HTML(), +) })
    }

    private func cell(_ column: Column, _ content: HTML, isHead: Bool) -> HTML {
        let label = HTML.Attribute(.dataLabel, column.title)
        if isHead { return HTML(.th, .init(.scope, "row"), label) { content } }
        // In a card there is room only for what tells something.
        let isNone = content == HTML(text: "–") || column.isNumber && content == HTML(text: "0")
        let classes = [column.isNumber ? "number" : nil, isNone ? "none" : nil].compactMap { $0 }
        return classes.isEmpty
            ? HTML(.td, label) { content }
            : HTML(.td, label, .named(classes.joined(separator: " "))) { content }
    }

    var html: HTML {
        HTML(.table, .init(.ariaLabel, label)) {
            HTML(.thead) {
                HTML(.tr) { columns.map(head).reduce(HTML(), +) }
            }
            HTML(.tbody) { rows.reduce(HTML(), +) }
        }
    }

    private func head(_ column: Column) -> HTML {
        column.isNumber
            ? HTML(.th, .init(.scope, "col"), .named("number")) { column.title }
            : HTML(.th, .init(.scope, "col")) { column.title }
    }
}
