import Synchronization

/// What a server received, in the order of arrival.
package final class Journal: Sendable {
    package struct Entry: Sendable {
        package let number: Int
        /// Seconds since 1970.
        package let time: Double
        package let method: String
        /// Decoded, without the query.
        package let path: String
        /// `a=1&b=2`, without secrets.
        package let query: String
        package let headers: [Request.Header]
        package let body: String
        /// The status of the answer; 0 while there is none, or when none was sent.
        package var status: Int
        /// The fault that the answer fell to.
        package var fault: String?

        package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    }

    private struct State {
        var entries: [Entry] = []
        var count = 0
    }

    /// Entries kept; the oldest go first.
    package static let maxEntries = 20_000
    /// Characters kept of a body.
    package static let maxBodyCharacters = 200_000

    private let state = Mutex(State())

    package init() {}

    package var entries: [Entry] { state.withLock { $0.entries } }

    /// The most requests that came within any time of this length (seconds).
    package func most(within seconds: Double) -> Int {
        let times = entries.map(\.time).sorted()
        var first = 0
        return times.indices.reduce(0) { most, last in
            while times[last] - times[first] >= seconds { first += 1 }
            return max(most, last - first + 1)
        }
    }

    package func clear() { state.withLock { $0.entries = [] } }

    /// Answers the number of the new entry.
    func begin(_ request: Request, now: Double) -> Int {
        let headers = request.headers.map { Request.Header(name: $0.name, value: Secrets.shown($0)) }
        let body = String(Secrets.shownBody(of: request).prefix(Self.maxBodyCharacters))
        return state.withLock { state in
            state.count += 1
            if state.entries.count >= Self.maxEntries { state.entries.removeFirst(Self.maxEntries / 10) }
            state.entries.append(
                Entry(
                    number: state.count, time: now, method: request.method, path: request.path,
                    query: Secrets.shown(request.query), headers: headers, body: body, status: 0))
            return state.count
        }
    }

    func end(_ number: Int, status: Int, fault: String?) {
        state.withLock { state in
            // From the end, where it nearly always is.
            guard let index = state.entries.lastIndex(where: { $0.number == number }) else { return }
            state.entries[index].status = status
            state.entries[index].fault = fault
        }
    }

    /// - Parameter since: entries after the one of this number.
    func json(since: Int) -> JSON {
        let shown = entries.filter { $0.number > since }.map { entry -> JSON in
            [
                "number": .int(entry.number), "time": .double(entry.time), "method": .string(entry.method),
                "path": .string(entry.path), "query": .string(entry.query),
                "headers": .object(entry.headers.map { JSON.Member(name: $0.name, value: .string($0.value)) }),
                "body": .string(entry.body), "status": .int(entry.status), "fault": JSON(entry.fault),
            ]
        }
        return ["entries": .array(shown)]
    }
}
