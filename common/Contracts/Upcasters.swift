import Domain
import Foundation

/// Lifts payloads of older versions, one version at a time, so that the rest of the code knows only the newest.
package enum Upcasters {
    /// Rewrites the JSON of version `n` as version `n + 1`.
    package typealias Step = @Sendable (Data) throws -> Data

    /// The steps by kind and the version they start from. Every version is 1 so far, so there are none.
    package static let steps: [TaskKind: [Int: Step]] = [:]

    package static func lift(
        kind: TaskKind, from version: Int, json: Data, steps: [TaskKind: [Int: Step]] = Upcasters.steps
    ) throws -> Data {
        var json = json
        var version = version
        while let step = steps[kind]?[version] {
            json = try step(json)
            version += 1
        }
        return json
    }
}
