import Domain

extension ServiceAnswer {
    /// Throws `serviceError` for what is no such answer.
    func read<Value: Decodable>(_ type: Value.Type, of source: ServiceID) throws(Failure) -> Value {
        try json(type, of: source.title)
    }

    /// What a status other than success means where nothing else is said. 408, 425, 429 and 5xx never get here.
    func refusal(of source: ServiceID) -> Failure {
        let words = "\(source.title) answered \(status)\(shownText)"
        return status == 401 ? Failure(.signInAgain, words) : Failure(.serviceRefused, words)
    }
}

extension Failure {
    /// Nothing goes before somebody mends the settings. What waits for that must not die of it.
    static func blocked(_ words: String) -> Failure {
        Failure(.serviceBlocked, words)
    }
}
