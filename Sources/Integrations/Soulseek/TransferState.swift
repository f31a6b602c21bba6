import Domain

/// A transfer's state in slskd, which is flags with commas between.
enum TransferState {
    static func of(_ text: String, problem: String?) -> DownloadProgress.State {
        let flags = Set(text.split(separator: ",").map { $0.filter { !$0.isWhitespace } })
        guard flags.contains("Completed") else { return flags.contains("InProgress") ? .running : .waiting }
        if flags.contains("Succeeded") { return .done }
        if flags.contains("Cancelled") { return .cancelled }
        let words = problem.map { String($0.prefix(300)) }
        if flags.contains("Rejected") { return .rejected(words ?? "the peer refused") }
        return .failed(words ?? "it ended as \(text.prefix(60))")
    }

    /// True for one that needs not be begun anew.
    static func isAlive(_ state: DownloadProgress.State) -> Bool {
        switch state {
        case .waiting, .running, .done: true
        case .failed, .rejected, .cancelled: false
        }
    }
}
