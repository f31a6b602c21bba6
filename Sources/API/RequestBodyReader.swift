import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a JSON object from a request.
enum RequestBodyReader {
    static func read(_ request: Request) async throws -> [String: JSONValue] {
        try checkType(request.headers[.contentType])
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > APIOptions.maxBodyBytes {
            throw tooLarge
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: APIOptions.maxBodyBytes)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
        return try object(Data(buffer.readableBytesView))
    }

    private static let tooLarge = Problem(
        .contentTooLarge, "the body is larger than \(APIOptions.maxBodyBytes) bytes")

    /// `application/json`, with or without `charset=utf-8`. Forms and plain text, which a foreign web page can send
    /// without asking, are refused.
    private static func checkType(_ header: String?) throws(Problem) {
        let parts = (header ?? "").lowercased().split(separator: ";").map { $0.filter { $0 != " " } }
        let isJSON =
            parts.first == "application/json"
            && parts.dropFirst().allSatisfy {
                $0 == "charset=utf-8" || $0 == "charset=\"utf-8\""
            }
        guard isJSON else { throw Problem(.unsupportedMediaType, "the body must be application/json in UTF-8") }
    }

    private static func object(_ data: Data) throws(Problem) -> [String: JSONValue] {
        switch JSONGuard.inspect(data) {
        case .fine: break
        case .tooDeep: throw .badRequest("the body is nested deeper than \(JSONGuard.maxDepth) levels")
        case .nulCharacter: throw .badRequest("the body contains the character U+0000")
        }
        let value: JSONValue
        do {
            value = try JSONDecoder().decode(JSONValue.self, from: data)
        } catch {
            throw .badRequest("the body is not valid JSON")
        }
        guard case .object(let members) = value else { throw .invalid("the body must be an object") }
        return members
    }
}
