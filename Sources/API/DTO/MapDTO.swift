import Contracts
import Domain
import UseCases

extension Shape where Value == LibraryMap {
    static let map = Shape.object("LibraryMap") {
        Field("model", .text, "Whose vectors these are.") { $0.model }
        Field("ids", .column(), "Tracks, in ascending order. The other columns have one number for each.") { $0.ids }
        Field("x", .column(), "0 to 65535, rightwards; the middle is the mean of the library.") { $0.x }
        Field("y", .column(), "0 to 65535, upwards.") { $0.y }
        Field("genre", .column(), "0: none; from 1: the place in `genres`; one more than there are: another.") {
            $0.genre
        }
        Field("tempo", .column(), "Beats per minute; 0: unknown.") { $0.tempo }
        Field("key", .column(), "From 1: the place in `keys`; 0: unknown.") { $0.key }
        Field("genres", Shape<LibraryMap.Genre>.genre.list, "The commonest, the commonest first.") { $0.genres }
        Field("keys", Shape<String>.text.list, "The Camelot wheel.") { _ in
            (1...24).compactMap { CamelotKey(ordinal: $0)?.code }
        }
    }
}

extension Shape where Value == LibraryMap.Genre {
    static let genre = Shape.object("MapGenre") {
        Field("name", .text) { $0.name }
        Field("tracks", .count, "With it, on the map; a track may have several.") { $0.tracks }
    }
}

extension Shape {
    /// Many numbers.
    static func column<Number: FixedWidthInteger & Sendable>() -> Shape where Value == [Number] {
        Shape(Schema(["type": "array", "items": ["type": "integer", "format": "int64"]])) { values, writer in
            writer.array { writer in
                for value in values { writer.integer(Int64(clamping: value)) }
            }
        }
    }
}
