import Tracing

/// Spans in OTLP's JSON (opentelemetry-proto 1.x, `ExportTraceServiceRequest`): ids in hexadecimal, 64-bit numbers as
/// texts, enums as numbers.
package struct SpanJSON: Sendable {
    private let resource: [(String, SpanAttribute)]
    private let version: String
    private let secrets: SecretText

    /// - Parameters:
    ///   - resource: what all spans of this process have in common.
    ///   - secrets: what is hidden in every text of a span, as it is in the log.
    package init(resource: [(String, SpanAttribute)], version: String, secrets: SecretText = .none) {
        self.resource = resource
        self.version = version
        self.secrets = secrets
    }

    package func request(_ spans: [SpanRecord]) -> String {
        "{\"resourceSpans\":[{\"resource\":{\"attributes\":\(list(resource))},\"scopeSpans\":[{\"scope\":"
            + "{\"name\":\"sillon\",\"version\":\(JSONText.quoted(version))},\"spans\":["
            + spans.map(span).joined(separator: ",") + "]}]}]}"
    }

    private func span(_ span: SpanRecord) -> String {
        var text = "{\(place(span.place))"
        if let parent = span.parent {
            let place = TraceParent(traceHigh: 0, traceLow: 0, span: parent, isSampled: true)
            text += ",\"parentSpanId\":\"\(place.spanID)\""
        }
        text += ",\"name\":\(quoted(span.name)),\"kind\":\(Self.number(span.kind))"
        text += ",\"startTimeUnixNano\":\"\(span.start)\",\"endTimeUnixNano\":\"\(span.end)\""
        text += ",\"attributes\":\(list(span.attributes))"
        if !span.events.isEmpty { text += ",\"events\":[\(span.events.map(event).joined(separator: ","))]" }
        if !span.links.isEmpty { text += ",\"links\":[\(span.links.map { "{\(place($0))}" }.joined(separator: ","))]" }
        if let status = span.status { text += ",\"status\":\(json(status))" }
        return text + "}"
    }

    private func place(_ place: TraceParent) -> String {
        "\"traceId\":\"\(place.traceID)\",\"spanId\":\"\(place.spanID)\",\"flags\":\(place.isSampled ? 1 : 0)"
    }

    private static func number(_ kind: SpanKind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }

    private func event(_ event: SpanEvent) -> String {
        "{\"timeUnixNano\":\"\(event.nanosecondsSinceEpoch)\",\"name\":\(quoted(event.name)),"
            + "\"attributes\":\(list(event.attributes))}"
    }

    private func json(_ status: SpanStatus) -> String {
        let code = status.code == .error ? 2 : 1
        return status.message.map { "{\"code\":\(code),\"message\":\(quoted($0))}" } ?? "{\"code\":\(code)}"
    }

    private func list(_ attributes: SpanAttributes) -> String {
        var pairs: [(String, SpanAttribute)] = []
        attributes.forEach { pairs.append(($0, $1)) }
        return list(pairs.sorted { $0.0 < $1.0 })
    }

    private func list(_ attributes: [(String, SpanAttribute)]) -> String {
        let items = attributes.map { "{\"key\":\(quoted($0)),\"value\":{\(value($1))}}" }
        return "[\(items.joined(separator: ","))]"
    }

    private func value(_ attribute: SpanAttribute) -> String {
        switch attribute {
        case .int32(let number): "\"intValue\":\"\(number)\""
        case .int64(let number): "\"intValue\":\"\(number)\""
        case .bool(let flag): "\"boolValue\":\(flag)"
        case .double(let number): "\"doubleValue\":\(number.isFinite ? "\(number)" : "\"\(Self.name(number))\"")"
        case .string(let text): "\"stringValue\":\(quoted(text))"
        case .stringConvertible(let item): "\"stringValue\":\(quoted(item.description))"
        // Nothing here makes lists.
        default: "\"stringValue\":\(quoted("\(attribute)"))"
        }
    }

    /// As protobuf's JSON has them.
    private static func name(_ number: Double) -> String {
        number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
    }

    private func quoted(_ text: String) -> String {
        // Before it is cut: half a secret is not known as one.
        let text = secrets.masked(text)
        guard text.utf8.count > SpanRecord.textMax else { return JSONText.quoted(text) }
        // At a border between characters.
        return JSONText.quoted(String(decoding: text.utf8.prefix(SpanRecord.textMax), as: UTF8.self))
    }
}
