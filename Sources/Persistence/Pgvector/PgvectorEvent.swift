/// What happens to the tables of vectors while nobody asks, for the log.
package enum PgvectorEvent: Hashable, Sendable {
    case prepared(version: String, column: String)
    /// Changes that were copied since the process began to.
    case filling(Int)
    case filled(Int)
    case indexing
    case indexed(Duration)
    /// Such a column takes no index: each question compares all vectors.
    case tooLongForIndex(Int)
    /// A vector of another length is left out.
    case otherLength(trackID: Int64, length: Int, dimension: Int)
    /// Most vectors have another length now: all are copied again.
    case newSpace(old: Int, new: Int)
    case failed(String)
}
