/// Numbers as a row of bars, one character each.
enum Sparkline {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// The greatest value has the highest bar; nothing at all is a gap.
    static func text(_ values: [Int]) -> String {
        let top = values.max() ?? 0
        return String(
            values.map { value in
                guard value > 0, top > 0 else { return " " }
                let share = Double(value) / Double(top) * Double(bars.count - 1)
                return bars[min(bars.count - 1, max(0, Int(share.rounded(.up))))]
            })
    }

    /// The same in fewer columns: neighbours are added up.
    static func squeezed(_ values: [Int], to columns: Int) -> [Int] {
        guard columns > 0, values.count > columns else { return values }
        return (0..<columns).map { column in
            let range = values.count * column / columns..<values.count * (column + 1) / columns
            return values[range].reduce(0) { $0 &+ $1 }
        }
    }
}
