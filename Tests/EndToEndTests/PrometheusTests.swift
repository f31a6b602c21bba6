import Contracts
import Foundation
import TestSupport
import Testing

/// A real Prometheus scrapes a server and its workers, with the rules that are shipped.
@Suite(.timeLimit(.minutes(4)))
struct PrometheusTests {
    private static let rules = URL(filePath: #filePath).appending(path: "../../../infra/prometheus/alerts.yml")
        .standardizedFileURL.path

    /// Where a process tells its numbers, as its log says.
    private func address(_ process: SpawnedProcess) async throws -> String {
        let port = try await until("the process says where it tells its numbers") { () -> String? in
            let lines = process.words.split(separator: "\n")
            let line = lines.first { $0.contains("Numbers for Prometheus are told") }
            return try line.flatMap { try ContractJSON.decode(JSONValue.self, from: String($0))["port"]?.text }
        }
        return "127.0.0.1:\(port)"
    }

    private func prometheus(_ lab: Lab, targets: [String]) async throws -> Client {
        let list = targets.map { "\"\($0)\"" }.joined(separator: ", ")
        let file = lab.folder + "/prometheus.yml"
        try Data(
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["\(Self.rules)"]
            scrape_configs:
              - job_name: sillon
                static_configs: [{targets: [\(list)]}]

            """.utf8
        ).write(to: URL(filePath: file))
        let process = try lab.start(
            [
                "--config.file=\(file)", "--storage.tsdb.path=\(lab.folder)/tsdb", "--web.listen-address=127.0.0.1:0",
            ], wrapper: ["/usr/bin/env"], program: "prometheus")
        let base = try await until("Prometheus listens") { () -> String? in
            let log = Lab.text(process.errors) + Lab.text(process.output)
            if let exit = process.exit { throw TimedOut(description: "Prometheus ended with \(exit): \(log)") }
            return log.firstMatch(of: /msg="Listening on" address=([0-9.:]+)/).map { "http://\($0.output.1)" }
        }
        let prometheus = Client(base: base)
        try await until("Prometheus is ready") { try await prometheus.send(.get, "/-/ready").status == 200 }
        return prometheus
    }

    /// The values of a query by the label `instance`.
    private func ask(_ prometheus: Client, _ query: String) async throws -> [String: String] {
        let answer = try await prometheus.ask(.get, "/api/v1/query?query=" + Client.escaped(query))
        let results = answer["data"]?["result"]?.list ?? []
        return results.reduce(into: [:]) { found, result in
            found[result["metric"]?["instance"]?.text ?? ""] = result["value"]?.list.last?.text
        }
    }

    @Test("Prometheus scrapes a server and workers with and without a database, and its rules work on what it gets")
    func scrape() async throws {
        let lab = try Lab()
        let environment = ["SILLON_METRICS_LISTEN": "127.0.0.1:0", "SILLON_LOG_FORMAT": "json"]
        let server = try await ServerProcess.start(lab, .serve, environment: environment)
        let near = try lab.start(["worker", "--roles", "indexer", "--database", lab.data], environment: environment)
        let token = try await Fleet.workerToken(server.api, roles: "audio")
        let far = try lab.start(
            ["worker", "--roles", "audio", "--server", server.api.base, "--cache", lab.folder + "/device"],
            environment: environment.merging(["SILLON_TOKEN": token.secret]) { $1 })
        let addresses = try await [address(server.process), address(near), address(far)]

        for _ in 0..<20 {
            _ = try await server.api.ask(.post, "/v1/tasks", ["task": "noop", "version": 1, "payload": [:]])
        }
        let prometheus = try await prometheus(lab, targets: addresses)
        try await until("all are up") { try await ask(prometheus, "up == 1").count == 3 }
        try await until("the server tells what is in the database") {
            try await ask(prometheus, #"sillon_tasks_finished_total{kind="noop",state="done"}"#) == [addresses[0]: "20"]
        }
        try await until("the worker tells what it did") {
            try await ask(prometheus, #"sillon_task_runs_total{kind="noop",ending="succeeded"} > 0"#)
                == [addresses[1]: "20"]
        }
        try await until("the server tells what it queued") {
            try await ask(prometheus, #"sillon_tasks_enqueued_total{kind="noop"} > 0"#) == [addresses[0]: "20"]
        }
        try await until("workers of both kinds are up") {
            try await ask(prometheus, #"sum by (instance) (sillon_workers_up{state="working"})"#) == [addresses[0]: "2"]
        }
        try await until("the server says that the database answers") {
            try await ask(prometheus, "sillon_database_up") == [addresses[0]: "1"]
        }
        try await until("the device tells its slots") {
            try await ask(prometheus, #"sillon_worker_slots{role="audio"} > 0"#).keys.sorted() == [addresses[2]]
        }
        let buckets = #"sillon_task_run_seconds_bucket{kind="noop",le="+Inf"}"#
        try await until("buckets hold what was counted") { try await ask(prometheus, buckets) == [addresses[1]: "20"] }
        try await checkRules(prometheus)
        for address in addresses { try await lint(address, lab) }
    }

    /// Every rule was evaluated on real series without an error.
    private func checkRules(_ prometheus: Client) async throws {
        let rules = try await until("all rules were evaluated") { () -> [JSONValue]? in
            let groups = try await prometheus.ask(.get, "/api/v1/rules")["data"]?["groups"]?.list ?? []
            let rules = groups.flatMap { $0["rules"]?.list ?? [] }
            return rules.isEmpty || rules.contains { $0["health"]?.text == "unknown" } ? nil : rules
        }
        for rule in rules { #expect(rule["health"]?.text == "ok", "\(rule)") }
        try await until("a recorded rule has values") {
            try await !ask(prometheus, "sillon:ready_tasks").isEmpty
        }
    }

    /// What promtool has to say about the text.
    private func lint(_ address: String, _ lab: Lab) async throws {
        let page = try await Client(base: "http://\(address)").send(.get, "/metrics")
        #expect(page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        let file = lab.folder + "/metrics-\(address)"
        try Data(page.body.utf8).write(to: URL(filePath: file))
        try Tool.run("sh", ["-c", "promtool check metrics <'\(file)'"])
        let names = Set(page.body.split(separator: "\n").filter { !$0.hasPrefix("#") })
        #expect(names.count < 3000)
    }
}
