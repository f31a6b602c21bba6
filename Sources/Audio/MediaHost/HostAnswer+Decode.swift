import Domain
import Foundation

extension HostAnswerFrame {
    /// Nil when the child did not keep to the form.
    static func answer(_ kind: HostRequest.Kind, _ body: UnsafeRawBufferPointer) -> HostAnswer? {
        switch kind {
        case .tags: tags(body).map(HostAnswer.tags)
        case .contentKey: contentKey(body).map(HostAnswer.contentKey)
        case .analyze: decoded(AudioAnalysis.self, body).map(HostAnswer.analysis)
        case .sketch: decoded(AudioSketch.self, body).map(HostAnswer.sketch)
        case .writeGain: body.isEmpty ? .written : nil
        case .parts: decoded([FilePart].self, body).map(HostAnswer.parts)
        }
    }

    static func encode(_ heard: some Encodable) throws -> [UInt8] {
        Array(try JSONEncoder().encode(heard))
    }

    private static func contentKey(_ body: UnsafeRawBufferPointer) -> String? {
        let text = String(decoding: body, as: UTF8.self)
        return Hex.decode(text)?.count == 32 ? text : nil
    }

    private static func decoded<Heard: Decodable>(_ type: Heard.Type, _ body: UnsafeRawBufferPointer) -> Heard? {
        // Why it cannot be decoded matters to nobody: the child that sent it is replaced and the file is charged.
        try? JSONDecoder().decode(type, from: Data(body))  // nil is the answer "not the form"
    }
}
