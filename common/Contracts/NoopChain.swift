/// A `noop` v1 that carries something: measures the queue with payloads of a real size, and chains.
package struct NoopChain: Hashable, Sendable {
    /// Tasks like it that follow, one after the other.
    package var followers: Int
    package var note: String?

    package static let maxFollowers = 100

    package init(followers: Int, note: String?) {
        self.followers = followers
        self.note = note
    }

    /// The payload of the next task, nil at the end of the chain.
    package var next: NoopChain? {
        followers > 0 ? NoopChain(followers: followers - 1, note: note) : nil
    }
}

extension NoopChain {
    /// Nil when the JSON holds anything else: what a plain `noop` carries is nobody's business.
    init?(flat json: String) throws(TaskPayload.Problem) {
        var chain = NoopChain(followers: 0, note: nil)
        var followers: Int64 = 0
        let isPlain = FlatJSON.read(json) { name, value in
            switch (name, value) {
            case ("followers", .integer(let number)): followers = number
            case ("note", .text(let text)): chain.note = text
            default: return false
            }
            return true
        }
        guard isPlain else { return nil }
        guard let count = Int(exactly: followers), (0...Self.maxFollowers).contains(count) else {
            throw .malformed("followers is 0 to \(Self.maxFollowers)")
        }
        chain.followers = count
        self = chain
    }

    /// A note that needs escapes, which none that was read does, is left out: it is ballast.
    func json() -> String {
        var writer = FlatJSONWriter()
        writer.member("followers", followers > 0 ? Int64(followers) : nil)
        writer.member("note", note)
        return writer.object ?? NoopChain(followers: followers, note: nil).json()
    }
}
