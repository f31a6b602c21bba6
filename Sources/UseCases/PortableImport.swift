import Contracts
import Domain

/// Takes a portable file in, line by line. A line that is not usable is passed over and reported; records are kept in
/// batches, each in one transaction, so that whatever happens no record is there by half.
package struct PortableImport: Sendable {
    package struct BadLine: Hashable, Sendable {
        /// From 1.
        package let line: Int
        package let reason: String
    }

    package struct Report: Hashable, Sendable {
        package var records = 0
        package var counts = PortableCounts()
        /// Records whose analyses are all of other versions of the analyser: a scan listens to them again.
        package var stale = 0
        package var badLines: [BadLine] = []
        /// The file's last line was there, and told as many records as there were.
        package var isComplete = false
    }

    /// The file is of no use at all, or of none any more.
    package enum Refusal: Error, Hashable, Sendable {
        case noPortableFile
        case newer(version: Int)
        case tooManyBadLines(Report)
    }

    package private(set) var report = Report()
    private let store: any PortableStore
    private let dimensions: [String: Int]
    private let clock: MicrosecondClock
    private var line = 0
    private var seen = 0
    private var batch: [PortableRecord] = []
    /// Of the lines that the batch was read from.
    private var batchBytes = 0
    private var hasEnded = false

    private static let recordsPerBatch = 200
    /// Then a batch is kept, however few its records are: a line may have megabytes.
    private static let bytesPerBatch = 8 << 20
    private static let current = AnalysisMode.windows.sufficient
    package static let maxBadLines = 1000

    /// - Parameter dimensions: Components of a vector, by the models that this build knows.
    package init(store: any PortableStore, dimensions: [String: Int], clock: @escaping MicrosecondClock) {
        self.store = store
        self.dimensions = dimensions
        self.clock = clock
    }

    /// - Parameter text: A line without its end; nil stands for one that is longer than any can be.
    package mutating func take(_ text: String?) async throws {
        line += 1
        guard line > 1 else { return try begin(text) }
        guard text?.isEmpty != true else { return }
        if hasEnded { return try refuse("the file goes on after its last line") }
        if let end = text.flatMap(Self.end) {
            hasEnded = true
            report.isComplete = end.records == seen
            return
        }
        seen += 1
        guard let text else { return try refuse("the line is too long") }
        try read(text)
        if batch.count >= Self.recordsPerBatch || batchBytes >= Self.bytesPerBatch { try await keepBatch() }
    }

    private static func end(_ text: String) -> PortableEnd? {
        guard text.utf8.count < longestEnd else { return nil }
        return try? ContractJSON.decode(PortableEnd.self, from: text)  // nil is the answer "not the end"
    }

    /// A record's line is longer.
    private static let longestEnd = 64

    /// After the last line.
    package mutating func finish() async throws {
        guard line > 0 else { throw Refusal.noPortableFile }
        try await keepBatch()
    }

    private func begin(_ text: String?) throws(Refusal) {
        let header = text.flatMap(Self.header)
        guard let header, header.format == PortableHeader.formatName else { throw .noPortableFile }
        guard header.version == PortableHeader.currentVersion else { throw .newer(version: header.version) }
    }

    private static func header(_ text: String) -> PortableHeader? {
        try? ContractJSON.decode(PortableHeader.self, from: text)  // nil is the answer "no header"
    }

    private mutating func read(_ text: String) throws {
        do {
            let record = try ContractJSON.decode(PortableRecord.self, from: text)
            if let problem = record.problem(dimensions: dimensions) { return try refuse(problem) }
            batch.append(record)
            batchBytes += text.utf8.count
            if !record.analyses.contains(where: { Self.current.contains($0.version) }) { report.stale += 1 }
        } catch let error as DecodingError {
            try refuse(ContractJSON.explain(error))
        }
    }

    private mutating func keepBatch() async throws {
        guard !batch.isEmpty else { return }
        report.counts += try await store.addPortable(batch, now: clock())
        report.records += batch.count
        (batch, batchBytes) = ([], 0)
    }

    private mutating func refuse(_ reason: String) throws(Refusal) {
        report.badLines.append(BadLine(line: line, reason: reason))
        if report.badLines.count >= Self.maxBadLines { throw .tooManyBadLines(report) }
    }
}

extension PortableImport.Refusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noPortableFile:
            "this is no file that sillon vectors export --portable wrote: its first line does not say so"
        case .newer(let version):
            "the file has version \(version) and this build reads version \(PortableHeader.currentVersion)"
        case .tooManyBadLines(let report):
            "\(report.badLines.count) lines are not usable; \(report.records) records were kept before that"
        }
    }
}
