import Contracts
import Foundation

/// The body of a good response: JSON.
struct Answer: Sendable {
    let bytes: [UInt8]

    /// Reads the members that `View` has; others are ignored, so that a newer server is no problem.
    func decode<View: Decodable>(_ type: View.Type) throws(CommandError) -> View {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw .failed("the server's answer is not understood: \(ContractJSON.explain(error))")
        }
    }

    /// As it came, with a line end.
    func print() throws(CommandError) {
        let text = String(decoding: bytes, as: UTF8.self)
        try Console.write(text.hasSuffix("\n") ? text : text + "\n")
    }
}

/// The body of a request.
struct JSONBody: Sendable {
    let text: String

    /// Members that are nil are left out.
    init(_ members: [String: JSONValue?]) {
        text = ContractJSON.encode(JSONValue.object(members.compactMapValues { $0 }))
    }
}
