import CLibPQ

/// What the library reads and what it says, before there is a connection.
extension LibPQ {
    /// The parts of a URL or key=value text; nil when it is neither. libpq's own words may quote a password.
    static func parse(_ text: String) -> [String: String]? {
        parts(text)?.compactMapValues(\.self)
    }

    /// The names of all options that a URL may have.
    static let options: Set<String> = Set((parts("") ?? [:]).keys)

    /// Every option there is, with its value in this text.
    private static func parts(_ text: String) -> [String: String?]? {
        guard let options = PQconninfoParse(text, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var parts: [String: String?] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            parts.updateValue(option.pointee.val.map { String(cString: $0) }, forKey: String(cString: keyword))
            option += 1
        }
        return parts
    }

    /// libpq tells by text alone why there is no connection. 22023 is a value that libpq or the server does not take.
    static func state(ofRefusal text: String) -> String {
        let known = [
            ("too many clients", "53300"), ("remaining connection slots", "53300"), ("starting up", "57P03"),
            ("shutting down", "57P03"), ("in recovery mode", "57P03"), ("not yet accepting", "57P03"),
            ("password authentication failed", "28P01"), ("no password supplied", "28P01"),
            ("no pg_hba.conf entry", "28000"), ("role \"", "28000"), ("database \"", "3D000"),
            ("invalid port number", "22023"), ("invalid integer value", "22023"), ("invalid value for", "22023"),
            ("could not match", "22023"), ("unrecognized configuration parameter", "22023"),
            ("definition of service", "22023"), ("certificate file", "22023"), ("private key file", "22023"),
            ("does not support SSL", "22023"), (" value: \"", "22023"),
        ]
        return known.first { text.contains($0.0) }?.1 ?? "08001"
    }
}
