import Synchronization

/// The catalogue that several services share, and that grows when told to.
package final class CatalogueStore: Sendable {
    private let state: Mutex<Catalogue>

    package init(_ catalogue: Catalogue = .demo) { state = Mutex(catalogue) }

    package var now: Catalogue { state.withLock { $0 } }

    package func add(_ sketch: RecordSketch) { state.withLock { $0.add(sketch) } }

    /// `POST /__control/catalogue [{…}]`: records as `RecordSketch` reads them.
    func control(_ request: Request) -> Reply {
        guard let list = request.json?.array else { return .json(["error": "a list of records"], status: 400) }
        let sketches = list.compactMap { RecordSketch($0) }
        guard sketches.count == list.count else {
            return .json(["error": "every record needs title and artist"], status: 400)
        }
        sketches.forEach(add)
        return Reply(status: 204)
    }
}
