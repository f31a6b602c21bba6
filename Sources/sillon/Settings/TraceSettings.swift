import Foundation

/// Where traces go, and how many.
struct TraceSettings: Sendable {
    typealias Headers = [(name: String, value: Secret)]

    /// With `/v1/traces`.
    let url: String
    /// What opens the receiver, as OpenTelemetry's variable has it: `name=value,…`, percent-encoded.
    let headers: Headers
    /// Of the traces that begin here.
    let ratio: Double

    /// Nil where no traces are made.
    init?(_ reader: SettingReader) throws(CommandError) {
        // What makes no sense is told also where it is not used yet.
        headers = try reader.read(SettingList.watching.headers)
        ratio = try reader.read(SettingList.watching.ratio)
        guard let url = try reader.read(SettingList.watching.endpoint) else { return nil }
        self.url = url
    }

    fileprivate static let bytesMax = 8192
    private static let headersMax = 16

    static let headersKind = SettingKind<Headers>(
        SettingShape(list: "list of `name=value`, up to \(headersMax)", separator: ",", secrecy: .part),
        show: { $0.isEmpty ? nil : $0.map { "\($0.name)=…" }.joined(separator: ",") },
        secrets: { $0.map(\.value.value) },
        items: { items, _ throws(SettingRefusal) in
            let items = items.filter { !$0.isEmpty }
            guard items.count <= headersMax, items.reduce(0, { $0 + $1.utf8.count }) <= bytesMax else {
                throw notHeaders
            }
            var headers: Headers = []
            for item in items {
                let pair = item.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                guard pair.count == 2, isName(pair[0]), let value = pair[1].removingPercentEncoding,
                    value.utf8.allSatisfy({ (0x20..<0x7f).contains($0) })
                else { throw notHeaders }
                headers.append((pair[0], Secret(value)))
            }
            return headers
        })

    private static let notHeaders = SettingRefusal("is name=value, several with commas between, percent-encoded")

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
}

extension SettingKind where Value == String {
    static let endpoint = SettingKind(SettingShape("address, `http` or `https`")) { text, _ throws(SettingRefusal) in
        let parts = URLComponents(string: text)
        guard parts?.user == nil, parts?.password == nil, parts?.query == nil else {
            throw SettingRefusal(
                "holds a name, a password or a query: it would end in logs; use otlp_headers (SILLON_OTLP_HEADERS)")
        }
        guard let parts, ["http", "https"].contains(parts.scheme?.lowercased()), parts.host?.isEmpty == false,
            parts.fragment == nil, text.utf8.count <= TraceSettings.bytesMax
        else { throw SettingRefusal("is an address such as http://127.0.0.1:4318, not \"\(text)\"") }
        if let range = parts.rangeOfPort, let string = parts.string {
            guard let port = Int(string[range]), (1...65535).contains(port) else {
                throw SettingRefusal("has a port that is none, 1 to 65535: \"\(text)\"")
            }
        }
        return (text.hasSuffix("/") ? String(text.dropLast()) : text) + "/v1/traces"
    }
}
