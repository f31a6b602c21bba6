import Domain
import Foundation

extension HostAnswerFrame {
    /// Nil when the child did not keep to the form.
    static func answer(_ kind: HostRequest.Kind, _ body: UnsafeRawBufferPointer) -> HostAnswer? {
        switch kind {
        case .tags: tags(body).map(HostAnswer.tags)
        case .contentKey: contentKey(body).map(HostAnswer.contentKey)
        case .analyze: analysis(body).map(HostAnswer.analysis)
        }
    }

    static func encode(_ analysis: AudioAnalysis) throws -> [UInt8] {
        Array(try JSONEncoder().encode(analysis))
    }

    private static func contentKey(_ body: UnsafeRawBufferPointer) -> String? {
        let text = String(decoding: body, as: UTF8.self)
        return Hex.decode(text)?.count == 32 ? text : nil
    }

    private static func analysis(_ body: UnsafeRawBufferPointer) -> AudioAnalysis? {
        // Why it cannot be decoded matters to nobody: the child that sent it is replaced and the file is charged.
        try? JSONDecoder().decode(AudioAnalysis.self, from: Data(body))  // nil is the answer "not the form"
    }
}
