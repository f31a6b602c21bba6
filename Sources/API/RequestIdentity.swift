import HTTPTypes
import Hummingbird

/// The name under which a request stands in the log: the client's own when it is harmless, else a new one.
enum RequestIdentity {
    static let header = HTTPField.Name("X-Request-Id")!
    static let maxLength = 128

    static func choose(_ given: String?) -> String {
        guard let given, (1...maxLength).contains(given.utf8.count), given.utf8.allSatisfy(isHarmless) else {
            return RequestID().description
        }
        return given
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
