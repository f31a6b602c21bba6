import Foundation

/// Where traces go, and how many.
struct TraceSettings: Sendable {
    /// With `/v1/traces`.
    let url: String
    /// What opens the receiver, as OpenTelemetry's variable has it: `name=value,…`, percent-encoded.
    let headers: [(name: String, value: Secret)]
    /// Of the traces that begin here.
    let ratio: Double

    private static let headersMax = 16
    private static let bytesMax = 8192

    /// Nil where no traces are made.
    init?(_ environment: Environment) throws(CommandError) {
        // What makes no sense is told also where it is not used yet.
        headers = try Self.headers(environment)
        ratio = try Self.ratio(environment)
        let names = ["SILLON_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"]
        guard let name = names.first(where: { environment[$0] != nil }), let text = environment[name] else {
            return nil
        }
        url = try Self.url(text, name)
    }

    private static func url(_ text: String, _ name: String) throws(CommandError) -> String {
        let parts = URLComponents(string: text)
        guard parts?.user == nil, parts?.password == nil, parts?.query == nil else {
            throw .misconfigured(
                "\(name) holds a name, a password or a query: it would end in logs; use SILLON_OTLP_HEADERS")
        }
        guard let parts, ["http", "https"].contains(parts.scheme?.lowercased()), parts.host?.isEmpty == false,
            parts.fragment == nil, text.utf8.count <= bytesMax
        else { throw .misconfigured("\(name) is an address such as http://127.0.0.1:4318, not \"\(text)\"") }
        if let range = parts.rangeOfPort, let string = parts.string {
            guard let port = Int(string[range]), (1...65535).contains(port) else {
                throw .misconfigured("\(name) has a port that is none, 1 to 65535: \"\(text)\"")
            }
        }
        return (text.hasSuffix("/") ? String(text.dropLast()) : text) + "/v1/traces"
    }

    private static func headers(_ environment: Environment) throws(CommandError) -> [(name: String, value: Secret)] {
        let text = environment["SILLON_OTLP_HEADERS"] ?? environment["OTEL_EXPORTER_OTLP_HEADERS"] ?? ""
        let items = text.split(separator: ",")
        guard items.count <= headersMax, text.utf8.count <= bytesMax else { throw notHeaders }
        var headers: [(name: String, value: Secret)] = []
        for item in items {
            let pair = item.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2, isName(pair[0]), let value = pair[1].removingPercentEncoding,
                value.utf8.allSatisfy({ (0x20..<0x7f).contains($0) })
            else { throw notHeaders }
            headers.append((pair[0], Secret(value)))
        }
        return headers
    }

    private static let notHeaders = CommandError.misconfigured(
        "SILLON_OTLP_HEADERS is name=value, several with commas between, percent-encoded")

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func ratio(_ environment: Environment) throws(CommandError) -> Double {
        guard let text = environment["SILLON_TRACE_RATIO"] else { return 1 }
        guard let ratio = Double(text), (0...1).contains(ratio) else {
            throw .misconfigured("SILLON_TRACE_RATIO is a part of the traces, 0 to 1, not \"\(text)\"")
        }
        return ratio
    }
}
