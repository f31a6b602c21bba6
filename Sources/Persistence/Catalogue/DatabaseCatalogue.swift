import Contracts
import Domain
import UseCases

/// The library in the database: what the queue's transactions write, and what people read.
package struct DatabaseCatalogue: Catalogue, OutcomeSink {
    /// The library roots as the queue keeps them, read inside the caller's transaction.
    package typealias Roots = @Sendable (any Connection) throws -> [FilePath]

    let database: any Database
    let roots: Roots
    /// Models that work on words: each track gets a vector of each.
    let textModels: [String]
    /// Services that are asked about tracks, albums and artists.
    let enrichmentSources: [EnrichmentSource]

    package init(
        database: any Database, textModels: [String] = [], enrichmentSources: [EnrichmentSource] = [],
        roots: @escaping Roots = DatabaseCatalogue.storedRoots
    ) {
        self.database = database
        self.textModels = textModels
        self.enrichmentSources = enrichmentSources
        self.roots = roots
    }

    package static let storedRoots: Roots = { connection in
        try connection.all("SELECT path FROM library_root") { FilePath(bytes: $0.bytes(0) ?? []) }
    }

    func apply(_ completions: [Completion], now: Int64, in connection: any Connection) throws -> [Consequence] {
        var batch = CatalogueBatch(connection: connection, now: now)
        try batch.resolveShared(completions)
        var consequences: [Consequence] = []
        consequences.reserveCapacity(completions.count)
        for completion in completions {
            consequences.append(try apply(completion, &batch))
        }
        try batch.flush()
        return consequences
    }

    private func apply(_ completion: Completion, _ batch: inout CatalogueBatch) throws -> Consequence {
        switch completion.outcome {
        case .indexComplete(let outcome): try applyIndex(outcome, completion, &batch)
        case .analysisComplete(let outcome): try applyAnalysis(outcome, completion, &batch)
        case .vectorComplete(let outcome): try applyVector(outcome, &batch)
        case .textVectorComplete(let outcome): try applyTextVector(outcome, completion, &batch)
        case .mapProjected(let outcome): try applyMap(outcome, &batch)
        case .artworkFound(let outcome): try applyArtwork(outcome, &batch)
        case .artworkAbsent(let outcome): try applyAbsence(outcome, &batch)
        case .downloadComplete(let outcome): try applyDownload(outcome, completion, &batch)
        case .enriched(let outcome): try applyEnriched(outcome, completion, &batch)
        case .scanComplete(let outcome): Consequence(notice: Self.notice(problems: outcome.problems))
        case .listensSubmitted(let outcome): try applyListens(outcome, completion, &batch)
        case .webhookDelivered(let outcome): try applyDelivery(outcome, batch)
        case .noopComplete: nextNoop(completion)
        }
    }

    private func nextNoop(_ completion: Completion) -> Consequence {
        guard case .noopChain(let chain) = completion.payload, let next = chain.next else { return Consequence() }
        return Consequence(tasks: [NewTask(payload: .noopChain(next), priority: completion.priority)])
    }
}
