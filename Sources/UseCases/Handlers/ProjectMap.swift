import Contracts
import Domain
import Similarity

/// Finds the plane on which the picture of the library is drawn.
struct ProjectMap: Sendable {
    /// The work grows with its square.
    static let maxDimension = 1024

    func run(_ payload: ProjectMapPayload) throws -> MapProjectedOutcome {
        guard payload.mean.values.count <= Self.maxDimension,
            let basis = MapBasis.fit(
                mean: payload.mean.values, covariance: payload.covariance.values,
                previousAxes: payload.previousAxes?.values)
        else {
            throw Failure(
                .invalidPayload,
                "mean and covariance are not those of vectors with 2 to \(Self.maxDimension) dimensions")
        }
        return MapProjectedOutcome(model: payload.model, vectors: payload.vectors, basis: basis)
    }
}
