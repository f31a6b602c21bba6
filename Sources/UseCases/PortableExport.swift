import Contracts

/// Everything that was heard as lines of JSON, in steps, so that a large library needs little memory.
package struct PortableExport: Sendable {
    private let store: any PortableStore

    /// Records read at once.
    private static let step = 200

    package init(store: any PortableStore) {
        self.store = store
    }

    /// Answers how many records were written.
    package func run(_ write: (String) throws -> Void) async throws -> Int {
        try write(ContractJSON.encode(PortableHeader()) + "\n")
        var (last, count) = ("", 0)
        while true {
            let records = try await store.portableRecords(after: last, limit: Self.step)
            guard let key = records.last?.contentKey else { break }
            try write(records.map { ContractJSON.encode($0) + "\n" }.joined())
            last = key
            count += records.count
        }
        try write(ContractJSON.encode(PortableEnd(records: count)) + "\n")
        return count
    }
}
