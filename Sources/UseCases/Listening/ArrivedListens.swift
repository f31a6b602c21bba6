import Contracts
import Domain

/// Decides which listens a service has already. Pure.
///
/// A service may correct names, never the time. So a listen counts as there when one with the same second and the same
/// names is, or else when there is one of that second that nothing else accounts for.
enum ArrivedListens {
    static func among(_ queued: [QueuedListen], in heard: [HeardListen]) -> Set<Int64> {
        var left = Dictionary(grouping: heard, by: \.startedAt)
        var arrived: Set<Int64> = []
        for item in queued {
            guard var same = left[item.listen.startedAt],
                let place = same.firstIndex(where: { isNamed($0, as: item.listen) })
            else { continue }
            same.remove(at: place)
            left[item.listen.startedAt] = same
            arrived.insert(item.id)
        }
        for item in queued where !arrived.contains(item.id) {
            guard var same = left[item.listen.startedAt], !same.isEmpty else { continue }
            same.removeFirst()
            left[item.listen.startedAt] = same
            arrived.insert(item.id)
        }
        return arrived
    }

    private static func isNamed(_ heard: HeardListen, as listen: Listen) -> Bool {
        heard.title.lowercased() == listen.title.lowercased() && heard.artist.lowercased() == listen.artist.lowercased()
    }
}
