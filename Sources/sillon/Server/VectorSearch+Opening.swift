import Logging
import Persistence
import Similarity
import Telemetry
import UseCases

extension VectorSearch {
    /// The vectors of the built-in model, in a database that `Settings.checkVectorSearch` has let through.
    func open(_ database: any Database, _ stores: Stores, logger: Logger) -> any NearestVectors {
        switch self {
        case .memory:
            return VectorFeed(
                catalogue: stores.catalogue, model: AcousticV1.modelName, dimension: AcousticV1.dimension,
                logger: logger)
        case .pgvector:
            guard let database = database as? PostgresDatabase else {
                preconditionFailure("pgvector is in a PostgreSQL database, which was looked at before it was opened")
            }
            return PgvectorVectors(
                database: database, model: AcousticV1.modelName, dimension: AcousticV1.dimension
            ) { $0.log(to: logger) }
        }
    }
}

extension PgvectorEvent {
    func log(to logger: Logger) {
        switch self {
        case .prepared(let version, let column):
            logger.info(
                "The database searches the vectors",
                metadata: [LogKeys.version: "\(version)", LogKeys.column: "\(column)"])
        case .filling(let count):
            logger.info("Copying vectors to the table that is searched", metadata: [LogKeys.count: "\(count)"])
        case .filled(let count):
            logger.info("The vectors are in the table that is searched", metadata: [LogKeys.count: "\(count)"])
        case .indexing:
            logger.info("Building the index of the vectors; answers are exact and slower until it is there")
        case .indexed(let time):
            logger.info(
                "The index of the vectors is built", metadata: [LogKeys.durationMs: "\(Int(time / .milliseconds(1)))"])
        case .tooLongForIndex(let dimension):
            logger.warning(
                "Vectors of this length take no index: each question compares all of them",
                metadata: [LogKeys.actual: "\(dimension)"])
        case .otherLength(let trackID, let length, let dimension):
            logger.warning(
                "A vector of another length is left out of the answers",
                metadata: [
                    LogKeys.trackID: "\(trackID)", LogKeys.actual: "\(length)", LogKeys.expected: "\(dimension)",
                ])
        case .newSpace(let old, let new):
            logger.warning(
                "Most vectors of the model have another length now, so a new space begins",
                metadata: [LogKeys.expected: "\(old)", LogKeys.actual: "\(new)"])
        case .failed(let why):
            logger.warning("The index of the vectors could not be built", metadata: [LogKeys.error: "\(why)"])
        }
    }
}
