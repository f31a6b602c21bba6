import Contracts
import Crypto
import Domain

/// Keys by which the queue knows that the same work is already waiting.
enum DedupeKey {
    /// Keys of one folder begin alike, so that they stand side by side in the queue's index. In random order every
    /// commit of a scan would write nearly every page of it.
    static func index(
        _ path: FilePath, facts: FileFacts, until: Scan.Stage, isRefresh: Bool, cut: SheetCut? = nil
    ) -> String {
        var hash = SHA256()
        hash.update(data: path.bytes)
        for number in [facts.size, facts.mtimeNs] {
            withUnsafeBytes(of: number.littleEndian) { hash.update(bufferPointer: $0) }
        }
        if let cut { hash.update(data: Array(SheetDigest.of(cut).utf8)) }
        let folder = Hex.encode(Array(SHA256.hash(data: path.parent.bytes).prefix(4)))
        let key = folder + Hex.encode(Array(hash.finalize().prefix(16)))
        return "index_file:\(until.rawValue):\(isRefresh ? "refresh:" : "")\(key)"
    }

    static func analyze(trackID: Int64, facts: FileFacts, stretch: Stretch? = nil) -> String {
        let place = stretch.map { ":\($0.beginUs)-\($0.endUs.map(String.init) ?? "")" } ?? ""
        return "analyze_audio:\(trackID):\(facts.size):\(facts.mtimeNs)\(place)"
    }

    static func vectorize(trackID: Int64, contentKey: String, model: String) -> String {
        "vectorize_track:\(trackID):\(model):\(contentKey)"
    }

    /// A task that is wanted for another reason is another one.
    static func enrich(_ kind: OutsideSubject.Kind, _ id: Int64, as reason: String) -> String {
        "\(kind.task.rawValue):\(id):\(reason)"
    }

    static func vectorizeText(trackID: Int64, textHash: String, model: String) -> String {
        "vectorize_text:\(trackID):\(model):\(textHash)"
    }

    static func projectMap(model: String) -> String { "project_map:\(model)" }
}
