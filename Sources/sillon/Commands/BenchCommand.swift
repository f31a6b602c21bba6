import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure parts of Sillon on this machine.",
        discussion: """
            Examples:
              sillon bench queue --tasks 20000 --repeats 5
              sillon bench latency --rate 10
              sillon bench metrics --finished 1000000 --live 100000
              sillon bench similar --vectors 100000
              sillon bench corpus /tmp/corpus --files 20000
            """,
        subcommands: [
            BenchQueueCommand.self, BenchLatencyCommand.self, BenchMetricsCommand.self, BenchSimilarCommand.self,
            BenchCorpusCommand.self,
        ])
}
