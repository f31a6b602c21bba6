import Logging
import Telemetry

/// What a process tells of itself.
struct WatchDeclarations: Sendable {
    let level = Setting<Logger.Level>(
        "log_level", .choice, fallback: .value(.info), about: "What is logged: this, and what is worse.")
    let format = Setting<LogFormat?>(
        "log_format", .format, fallback: .value(nil),
        about: "`json` has one object a line, on standard output; `text` goes to standard error; `auto` is text on a "
            + "terminal.")
    let endpoint = Setting<String?>(
        "otlp_endpoint", SettingKind.endpoint.orNone, foreignVariables: ["OTEL_EXPORTER_OTLP_ENDPOINT"],
        fallback: .value(nil), about: "`http://127.0.0.1:4318`, say: where traces go.", page: "traces.md")
    let headers = Setting<TraceSettings.Headers>(
        "otlp_headers", TraceSettings.headersKind, foreignVariables: ["OTEL_EXPORTER_OTLP_HEADERS"],
        fallback: .value([]),
        about: "What opens the receiver of traces: `name=value`, percent-encoded.", page: "traces.md")
    let ratio = Setting<Double>(
        "trace_ratio", .number(0...1), fallback: .value(1),
        about: "The part of the traces that begin here which is recorded.", page: "traces.md")
}

extension SettingKind where Value == LogFormat? {
    fileprivate static let format: SettingKind = {
        let names = LogFormat.allCases.map(\.rawValue) + ["auto"]
        let shape = SettingShape(names.map { "`\($0)`" }.joined(separator: ", "))
        return SettingKind(shape, show: { $0?.rawValue ?? "auto" }) { text, _ throws(SettingRefusal) in
            switch text.lowercased() {
            case "auto": return nil
            // What it was called before.
            case "human": return .text
            case let name:
                guard let format = LogFormat(rawValue: name) else { throw .noChoice(of: names, text) }
                return format
            }
        }
    }()
}
