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
        case .picture: picture(body)
        }
    }

    static func encode(_ heard: some Encodable) throws -> [UInt8] {
        Array(try JSONEncoder().encode(heard))
    }

    private static func contentKey(_ body: UnsafeRawBufferPointer) -> String? {
        let text = String(decoding: body, as: UTF8.self)
        return Hex.decode(text)?.count == 32 ? text : nil
    }

    /// u32 width, u32 height, the drawing as JPEG.
    private static func picture(_ body: UnsafeRawBufferPointer) -> HostAnswer? {
        var reader = ByteReader(body)
        guard let width = reader.number(UInt32.self), let height = reader.number(UInt32.self) else { return nil }
        let facts = PictureFacts(width: Int(width), height: Int(height))
        return .picture(facts, drawing: Array(reader.rest()))
    }

    static func encode(_ facts: PictureFacts, drawing: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(8 + drawing.count)
        body.append(number: UInt32(clamping: facts.width))
        body.append(number: UInt32(clamping: facts.height))
        body.append(contentsOf: drawing)
        return body
    }

    private static func decoded<Heard: Decodable>(_ type: Heard.Type, _ body: UnsafeRawBufferPointer) -> Heard? {
        // Why it cannot be decoded matters to nobody: the child that sent it is replaced and the file is charged.
        try? JSONDecoder().decode(type, from: Data(body))  // nil is the answer "not the form"
    }
}
