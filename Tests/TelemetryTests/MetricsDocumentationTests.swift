import Foundation
import Testing

@testable import Telemetry

/// What is written about metrics, against the metrics there are.
struct MetricsDocumentationTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    private func row(_ family: MetricFamily) -> String {
        let labels = family.labelNames.map { "`\($0)`" }.joined(separator: ", ")
        return
            "| `\(family.name)` | \(family.shape.name) | \(labels) | \(family.seriesMax) | \(family.origin.rawValue) | "
            + "\(family.help) |"
    }

    @Test("The table in docs/metrics.md has every metric as it is, and no other; the bound of series is stated")
    func table() throws {
        let text = try text("docs/metrics.md")
        let lines = text.split(separator: "\n").map(String.init)
        let listed = lines.filter { $0.hasPrefix("| `sillon_") || $0.hasPrefix("| `process_") }
        #expect(listed == Metrics.families.map(row), "\(Metrics.families.map(row).joined(separator: "\n"))")
        #expect(text.contains("at most \(Metrics.seriesMax) series"), "it is \(Metrics.seriesMax)")
        #expect(Metrics.seriesMax < 6000)
    }

    /// Names of metrics as queries have them, without the ends of a histogram's series.
    private func names(in expression: String) -> Set<String> {
        let pattern = /\b(?:sillon|process)_[a-z0-9_]+/
        return Set(expression.matches(of: pattern).map { String($0.output) })
    }

    private func known(_ name: String) -> Bool {
        Metrics.families.contains { family in
            guard case .histogram = family.shape else { return family.name == name }
            return ["_bucket", "_sum", "_count"].contains { family.name + $0 == name }
        }
    }

    @Test("Every metric in every panel exists", arguments: ["queue", "processes"])
    func dashboards(_ name: String) throws {
        let data = Data(try text("infra/grafana/dashboards/\(name).json").utf8)
        let board = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        let panels = try #require(board["panels"] as? [[String: Any]])
        var count = 0
        for panel in panels where panel["type"] as? String != "row" {
            let targets = try #require(panel["targets"] as? [[String: Any]])
            for target in targets {
                let expression = try #require(target["expr"] as? String)
                let found = names(in: expression)
                #expect(!found.isEmpty, "\(expression)")
                for name in found { #expect(known(name), "\(name) in \(expression)") }
                count += 1
            }
        }
        #expect(count > 10)
        let variables = (board["templating"] as? [String: Any])?["list"] as? [[String: Any]] ?? []
        for variable in variables {
            for name in names(in: variable["definition"] as? String ?? "") { #expect(known(name), "\(name)") }
        }
    }

    @Test("Every metric in every rule exists, and every alert has an entry in the runbook and two cases in its test")
    func rules() throws {
        let rules = try text("infra/prometheus/alerts.yml")
        let expressions = rules.split(separator: "\n").filter {
            !$0.trimmingPrefix(while: \.isWhitespace).hasPrefix("#")
        }
        for line in expressions {
            for name in names(in: String(line)) { #expect(known(name), "\(name) in \(line)") }
        }
        let alerts = rules.matches(of: /- alert: (\w+)/).map { String($0.output.1) }
        #expect(alerts.count >= 10)
        let (runbook, cases) = (try text("ops/runbook.md"), try text("infra/prometheus/alerts-test.yml"))
        for alert in alerts {
            #expect(rules.contains("runbook: ops/runbook.md#\(alert.lowercased())"), "\(alert)")
            let entry = runbook.components(separatedBy: "## \(alert)\n").dropFirst().first?
                .components(separatedBy: "\n## ").first
            #expect(entry?.contains("**Make it happen**") == true, "\(alert) has no entry")
            let results = cases.matches(of: /alertname: (\w+)\n +exp_alerts:(.*)/).filter { $0.output.1 == alert }
            #expect(results.contains { $0.output.2.contains("[]") }, "\(alert) is never silent")
            #expect(results.contains { !$0.output.2.contains("[]") }, "\(alert) never fires")
        }
    }

    @Test("The data source of every panel is the one that is provisioned")
    func source() throws {
        let provisioned = try text("infra/grafana/provisioning/datasources/prometheus.yml")
        #expect(provisioned.contains("uid: sillon-prometheus"))
        for name in ["queue", "processes"] {
            let board = try text("infra/grafana/dashboards/\(name).json")
            let sources = Set(board.matches(of: /"uid": "([^"]*)"/).map { String($0.output.1) })
            #expect(sources == ["sillon-prometheus", "sillon-\(name)"])
        }
    }
}
