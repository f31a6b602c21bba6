import UseCases

/// What `sillon vectors import` prints.
struct PortableReport: Encodable {
    private struct BadLine: Encodable {
        let line: Int
        let reason: String
    }

    private let records: Int
    private let analysesAdded: Int
    private let analysesKnown: Int
    private let vectorsAdded: Int
    private let vectorsKnown: Int
    private let tracks: Int
    private let stale: Int
    private let badLines: [BadLine]
    private let isComplete: Bool

    private static let linesShown = 10

    init(_ report: PortableImport.Report) {
        (records, stale, isComplete) = (report.records, report.stale, report.isComplete)
        (analysesAdded, analysesKnown) = (report.counts.analysesAdded, report.counts.analysesKnown)
        (vectorsAdded, vectorsKnown) = (report.counts.vectorsAdded, report.counts.vectorsKnown)
        tracks = report.counts.tracks
        badLines = report.badLines.map { BadLine(line: $0.line, reason: $0.reason) }
    }

    var isFine: Bool { badLines.isEmpty && isComplete }

    var text: String {
        """
        \(Readable.count(records)) recordings taken in
          analyses      \(Readable.count(analysesAdded)) new, \(Readable.count(analysesKnown)) known before
          vectors       \(Readable.count(vectorsAdded)) new, \(Readable.count(vectorsKnown)) known before
          tracks here   \(Readable.count(tracks)) have a vector since
        """
    }

    /// What is not as it should be.
    var remarks: [String] {
        var remarks = badLines.prefix(Self.linesShown).map { "line \($0.line): \($0.reason)" }
        let more = badLines.count - Self.linesShown
        if more > 0 { remarks.append("and \(Readable.count(more)) more lines; --json lists them") }
        if stale > 0 {
            remarks.append("\(Readable.count(stale)) were heard by another version, and will be listened to again")
        }
        if !isComplete { remarks.append("the file was cut off: it has not as many records as it should") }
        return remarks
    }

    enum CodingKeys: String, CodingKey {
        case records, tracks, stale
        case analysesAdded = "analyses_added"
        case analysesKnown = "analyses_known"
        case vectorsAdded = "vectors_added"
        case vectorsKnown = "vectors_known"
        case badLines = "bad_lines"
        case isComplete = "complete"
    }
}
