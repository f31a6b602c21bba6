import Telemetry

/// Rows under headings, aligned by display width. Cells are made safe for a terminal.
struct TextTable: Sendable {
    enum Alignment: Sendable {
        case left, right
    }

    struct Column: Sendable {
        var title: String
        var alignment: Alignment
        /// May be cut when the terminal is narrow.
        var canShrink: Bool

        init(_ title: String, _ alignment: Alignment = .left, canShrink: Bool = false) {
            self.title = title
            self.alignment = alignment
            self.canShrink = canShrink
        }
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    private static let gap = 2
    /// Columns of a shrunk cell that stay readable.
    private static let minWidth = 8

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// One cell a column; nil is shown as a dash.
    mutating func add(_ cells: [String?]) {
        precondition(cells.count == columns.count, "a row has one cell a column")
        rows.append(cells.map { $0.map(ControlCharacters.escaped) ?? "–" })
    }

    /// A single line made safe for a terminal, as the cells are.
    static func safe(_ line: String) -> String {
        ControlCharacters.escaped(line)
    }

    /// Lines without trailing blanks. `width` is the terminal's, nil for a pipe, where nothing is cut.
    func lines(width: Int?) -> [String] {
        let widths = columnWidths(fitting: width)
        return ([columns.map(\.title)] + rows).map { line($0, widths) }
    }

    private func columnWidths(fitting width: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            ([columns[index].title] + rows.map { $0[index] }).map(DisplayWidth.of).max() ?? 0
        }
        guard let width else { return widths }
        let gaps = Self.gap * (columns.count - 1)
        while widths.reduce(gaps, +) > width {
            let shrinkable = columns.indices.filter { columns[$0].canShrink && widths[$0] > Self.minWidth }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { line += String(repeating: " ", count: Self.gap) }
            let cell = DisplayWidth.clipped(cell, to: widths[index])
            let fill = String(repeating: " ", count: max(0, widths[index] - DisplayWidth.of(cell)))
            line += columns[index].alignment == .right ? fill + cell : cell + fill
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
