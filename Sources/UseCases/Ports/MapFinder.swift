import Domain

/// The library as points in the plane, in columns: each has one number for each track.
package struct LibraryMap: Hashable, Sendable {
    package struct Genre: Hashable, Sendable {
        package let name: String
        package let tracks: Int

        package init(name: String, tracks: Int) {
            self.name = name
            self.tracks = tracks
        }
    }

    package var model: String
    /// Another one whenever anything in the picture may be another.
    package var mark: String
    /// The commonest genres, the commonest first.
    package var genres: [Genre] = []

    /// Tracks, in ascending order.
    package var ids: [Int64] = []
    /// 0 to 65,535, rightwards and upwards; the middle is the mean of the library.
    package var x: [UInt16] = []
    package var y: [UInt16] = []
    /// 0: none; from 1: the place in `genres`; one more than there are: another.
    package var genre: [UInt8] = []
    /// Beats per minute; 0: unknown.
    package var tempo: [UInt16] = []
    /// See `CamelotKey.ordinal`; 0: unknown.
    package var key: [UInt8] = []

    package init(model: String, mark: String) {
        self.model = model
        self.mark = mark
    }
}

/// Why there is no picture.
package enum MapProblem: Error, Hashable, Sendable {
    /// Fewer tracks have a vector than a plane has corners.
    case tooFew(tracks: Int, needed: Int)
    /// The plane is being looked for, or will be.
    case notDrawn
    case unknownModel(known: String)
}

/// Throws `MapProblem`.
package protocol MapFinder: Sendable {
    /// The mark of the picture as it is now: whoever has one of this mark needs no other. Costs no drawing.
    /// - Parameter model: The built-in one when nil.
    func mark(model: String?) async throws -> String

    func map(model: String?) async throws -> LibraryMap
}
