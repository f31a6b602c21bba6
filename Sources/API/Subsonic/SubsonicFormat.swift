import HTTPTypes
import Hummingbird
import NIOCore

/// How a client wants to be answered.
enum SubsonicFormat: Sendable, Hashable {
    case xml, json
    /// JSON as the argument of a function of the page that asks.
    case jsonp(callback: String)

    private static let maxCallbackLength = 100

    /// XML unless another is named. Throws `SubsonicError` for one that there is not.
    init(_ parameters: SubsonicParameters) throws(SubsonicError) {
        switch parameters.filled("f") {
        case nil, "xml": self = .xml
        case "json": self = .json
        case "jsonp":
            let callback = try parameters.require("callback")
            guard Self.isName(callback) else { throw .invalid("callback", "the name of a function") }
            self = .jsonp(callback: callback)
        default: throw .invalid("f", "xml, json or jsonp")
        }
    }

    /// For what cannot be read as a whole: the format that a query asks for, whatever else is wrong with it. Nil where it
    /// names none, or none that there is.
    static func asked(in query: Substring) -> SubsonicFormat? {
        let parameters = SubsonicParameters(named: ["f", "callback"], readableIn: query)
        guard parameters.filled("f") != nil else { return nil }
        do {
            return try SubsonicFormat(parameters)
        } catch {
            return nil  // told as what it is once the rest could be read
        }
    }

    /// A name of JavaScript's, with dots: nothing that could be more of a script.
    private static func isName(_ text: String) -> Bool {
        guard (1...maxCallbackLength).contains(text.utf8.count), let first = text.utf8.first,
            !(0x30...0x39).contains(first), first != UInt8(ascii: ".")
        else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }

    var mediaType: String {
        switch self {
        case .xml: "text/xml; charset=utf-8"
        case .json: "application/json"
        case .jsonp: "application/javascript; charset=utf-8"
        }
    }

    func response(
        _ root: SubsonicNode, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = mediaType
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes(root))))
    }

    func bytes(_ root: SubsonicNode) -> [UInt8] {
        switch self {
        case .xml: SubsonicXML.document(root)
        case .json: SubsonicJSON.document(root)
        case .jsonp(let callback): Array("\(callback)(".utf8) + SubsonicJSON.document(root) + Array(");".utf8)
        }
    }
}

/// What stands around every answer.
struct SubsonicEnvelope: Sendable {
    let serverVersion: String

    static let protocolVersion = "1.16.1"
    static let serverType = "sillon"

    func ok(_ payload: (name: String, member: SubsonicNode.Member)?) -> SubsonicNode {
        var root = root("ok")
        if let payload { root.add(payload.name, payload.member) }
        return root
    }

    func failed(_ error: SubsonicError) -> SubsonicNode {
        var root = root("failed")
        root.add("error", .child(error.node))
        return root
    }

    private func root(_ status: String) -> SubsonicNode {
        var root = SubsonicNode()
        root.set("status", status)
        root.set("version", Self.protocolVersion)
        root.set("type", Self.serverType)
        root.set("serverVersion", serverVersion)
        root.set("openSubsonic", flag: true)
        return root
    }
}
