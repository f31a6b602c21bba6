/// Why vectors cannot be searched in the database, and what is to be done about it.
package enum PgvectorProblem: Error, Hashable, Sendable {
    /// The server has no such extension; its version's first number.
    case notOnServer(postgres: String)
    case notInstalled(database: String, user: String)
    case tooOld(String)
    case notPermitted(schema: String, user: String)
    case tooLong(dimension: Int)
    /// It was there when the process began.
    case gone
}

extension PgvectorProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notOnServer(let postgres):
            "the database server has no extension vector: install pgvector for PostgreSQL \(postgres) on its machine "
                + "(Debian's package postgresql-\(postgres)-pgvector, the image pgvector/pgvector:pg\(postgres)), then "
                + "start again; or let vectors be searched in memory"
        case .notInstalled(let database, let user):
            "the extension vector is not installed in the database \"\(database)\", and the user \"\(user)\" may not "
                + "install it: run CREATE EXTENSION vector; in that database as a superuser, "
                + "psql -U postgres -d \(database) -c 'CREATE EXTENSION vector' say"
        case .tooOld(let version):
            "the extension vector is \(version) here, and \(PgvectorVersion.oldest.major)."
                + "\(PgvectorVersion.oldest.minor) is the oldest with the index that is needed: install a newer "
                + "pgvector, then run ALTER EXTENSION vector UPDATE; as the extension's owner"
        case .notPermitted(let schema, let user):
            "the user \"\(user)\" may not make tables in the schema \"\(schema)\": run "
                + "GRANT USAGE, CREATE ON SCHEMA \(schema) TO \(user); as its owner"
        case .tooLong(let dimension):
            "pgvector stores up to \(PgvectorColumn.maxDimension) numbers a vector, and the model has \(dimension)"
        case .gone:
            "the extension vector or its tables are gone from the database: run CREATE EXTENSION vector; there, and "
                + "the vectors are copied again"
        }
    }
}
