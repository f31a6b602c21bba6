/// Which of the known names somebody meant who wrote another.
enum NearestName {
    /// Longer ones are nobody's slip of the finger, and cost time.
    private static let maxLength = 64
    private static let maxDistance = 3

    /// Nil where none is near.
    static func of(_ name: String, among known: some Sequence<String>) -> String? {
        let letters = Array(name.utf8)
        guard (1...maxLength).contains(letters.count) else { return nil }
        let limit = min(maxDistance, max(1, letters.count / 3))
        let near = known.map { ($0, distance(letters, Array($0.utf8))) }.filter { $0.1 <= limit }
        return near.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// Letters left out, put in, changed, or exchanged with their neighbour (optimal string alignment).
    static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var before: [Int] = []
        var above = Array(0...other.count)
        for row in one.indices {
            var line = [row + 1]
            for column in other.indices {
                let isSame = one[row] == other[column]
                var cost = min(above[column + 1] + 1, line[column] + 1, above[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, one[row] == other[column - 1], one[row - 1] == other[column] {
                    cost = min(cost, before[column - 1] + 1)
                }
                line.append(cost)
            }
            (before, above) = (above, line)
        }
        return above[other.count]
    }
}
