import Domain

/// Gives tracks of the same recording the same number.
///
/// The same recording is the same encoded audio, or the same title and artist with durations that agree; a live or an
/// extended version is another one. What has neither title nor content in common is not taken for the same: a false
/// twin would hide music, a missed one only repeats it.
package struct RecordingGroups: Sendable {
    private struct Take: Sendable {
        let durationMs: Int32
        let group: Int
    }

    private var contents: [UInt64: Int] = [:]
    private var songs: [UInt64: [Take]] = [:]
    private var count = 0

    package init() {}

    /// Nil: none of those that were numbered is the same recording.
    func find(_ row: FactsTable.Row) -> Int? {
        if row.content != 0, let group = contents[row.content] { return group }
        guard row.song != 0, row.durationMs > 0 else { return nil }
        return songs[row.song]?.first { take in
            abs(Int(take.durationMs) - Int(row.durationMs)) <= RecordingMark.durationToleranceMs
        }?.group
    }

    mutating func number(_ row: FactsTable.Row) -> Int {
        let known = find(row)
        let group = known ?? count
        if known == nil { count += 1 }
        if row.content != 0, contents[row.content] == nil { contents[row.content] = group }
        if row.song != 0, row.durationMs > 0 {
            songs[row.song, default: []].append(Take(durationMs: row.durationMs, group: group))
        }
        return group
    }
}
