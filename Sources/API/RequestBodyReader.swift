import Contracts
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads the members of a body from a request.
enum RequestBodyReader {
    static func read(
        _ request: Request, as encoding: BodySpec.Encoding, upTo limit: Int
    ) async throws -> [String: JSONValue] {
        try checkType(request.headers[.contentType], is: encoding)
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw tooLarge(limit)
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw tooLarge(limit)
        } catch {
            // Whatever it was, no whole body came; most likely nobody is there any more to be told.
            throw Problem.badRequest("the body broke off")
        }
        switch encoding {
        case .json: return try object(Array(buffer.readableBytesView))
        case .form: return try form(String(buffer: buffer))
        }
    }

    private static func tooLarge(_ limit: Int) -> Problem {
        Problem(.contentTooLarge, "the body is larger than \(limit) bytes")
    }

    /// With or without `charset=utf-8`. Where JSON is expected, forms and plain text, which a foreign web page can send
    /// without asking, are refused.
    private static func checkType(_ header: String?, is encoding: BodySpec.Encoding) throws(Problem) {
        let parts = (header ?? "").lowercased().split(separator: ";").map { $0.filter { $0 != " " } }
        let isExpected =
            parts.first == encoding.rawValue
            && parts.dropFirst().allSatisfy {
                $0 == "charset=utf-8" || $0 == "charset=\"utf-8\""
            }
        guard isExpected else {
            throw Problem(.unsupportedMediaType, "the body must be \(encoding.rawValue) in UTF-8")
        }
    }

    private static func form(_ text: String) throws(Problem) -> [String: JSONValue] {
        try RequestTarget.parse(query: text[...]).mapValues(JSONValue.string)
    }

    private static func object(_ bytes: [UInt8]) throws(Problem) -> [String: JSONValue] {
        let value: JSONValue
        do throws(JSONReader.Fault) {
            value = try JSONReader.read(bytes)
        } catch {
            switch error {
            case .syntax: throw .badRequest("the body is not valid JSON")
            case .tooDeep: throw .badRequest("the body is nested deeper than \(JSONReader.maxDepth) levels")
            case .nulCharacter: throw .badRequest("the body contains the character U+0000")
            case .repeatedMember: throw .badRequest("the body has an object with two members of one name")
            }
        }
        guard case .object(let members) = value else { throw .invalid("the body must be an object") }
        return members
    }
}
