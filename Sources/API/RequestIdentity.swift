import HTTPTypes
import Hummingbird

/// The name under which a request stands in the log: the client's own when it is harmless, else a new one.
enum RequestIdentity {
    static let header = HTTPField.Name("X-Request-Id")!
    static let maxLength = 128

    static func choose(_ given: String?) -> String {
        guard let given, (1...maxLength).contains(given.utf8.count), given.utf8.allSatisfy(PercentCoding.isUnreserved)
        else {
            return RequestID().description
        }
        return given
    }
}
