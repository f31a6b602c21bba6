/// One step of the schema, for both engines side by side. Never edited once released: a later step corrects it.
package struct Migration: Sendable {
    package let version: Int
    package let name: String
    let up: [String]
    let down: [String]

    init(version: Int, name: String, up: [String], down: [String]) {
        self.version = version
        self.name = name
        self.up = up
        self.down = down
    }

    /// Every step there is, oldest first.
    package static let all: [Migration] = [queue, catalogue]
}
