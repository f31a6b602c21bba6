import Contracts
import Domain
import UseCases

extension DatabaseCatalogue {
    /// `map_projected`. Throws, which fails the attempt, for what is no plane.
    func applyMap(_ outcome: MapProjectedOutcome, _ batch: inout CatalogueBatch) throws -> Consequence {
        guard outcome.basis != nil, !outcome.model.isEmpty else {
            throw StoreError.fatal("the plane of the model \(outcome.model) is none")
        }
        try batch.connection.execute(
            """
            INSERT INTO map_basis (model, version, vectors, computed_at, mean, axes, spread)
            VALUES (\(outcome.model), 1, \(outcome.vectors), \(batch.now), \(outcome.mean.littleEndianBytes),
                \(outcome.axes.littleEndianBytes), \(outcome.spread))
            ON CONFLICT (model) DO UPDATE
            SET version = map_basis.version + 1, vectors = excluded.vectors, computed_at = excluded.computed_at,
                mean = excluded.mean, axes = excluded.axes, spread = excluded.spread
            """)
        return Consequence()
    }
}
