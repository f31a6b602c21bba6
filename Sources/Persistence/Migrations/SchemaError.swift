/// Why this build leaves a schema alone.
package enum SchemaError: Error, Hashable, CustomStringConvertible {
    /// A newer build has applied steps that this one does not know.
    case newer(name: String, schema: Int, known: Int)
    /// Another build, that never became a release, has applied a step in the middle.
    case unknown(name: String, step: Int)
    case changed(step: Int, name: String)
    /// A statement of a step did not work, and would not the next time.
    case failed(step: Int, name: String, reason: String)

    package var description: String {
        switch self {
        case .newer(let name, let schema, let known):
            "\(name) has schema \(schema), this build knows up to \(known): use a newer Sillon"
        case .unknown(let name, let step):
            "\(name) has schema step \(step), which this build does not know: use the build that made it"
        case .changed(let step, let name):
            "schema step \(step) (\(name)) was changed after use, or the database is damaged"
        case .failed(let step, let name, let reason):
            "schema step \(step) (\(name)) failed, and nothing of it stayed: \(reason). To go back: ROLLBACK.md"
        }
    }
}
