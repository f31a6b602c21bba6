/// What is known of a metric before anything is measured.
package struct MetricFamily: Hashable, Sendable {
    package enum Shape: Hashable, Sendable {
        case counter, gauge
        /// The upper bounds of its buckets, ascending, without the infinite one.
        case histogram([Double])
    }

    /// Who knows its values.
    package enum Origin: String, Hashable, Sendable {
        /// Each process counts what it does itself, from 0 at its start.
        case process
        /// The database, which orchestrators read when they are asked: the same numbers at each of them.
        case database
        /// The machine below the process.
        case device
    }

    package let name: String
    package let help: String
    package let shape: Shape
    package let origin: Origin
    package let labelNames: [String]
    /// Every combination of labels, where they are known beforehand.
    package let labelSets: [[String]]?
    /// Combinations of labels at most.
    package let labelSetsMax: Int

    /// Lines of the answer at most, without the two that describe it.
    package var seriesMax: Int {
        switch shape {
        case .counter, .gauge: labelSetsMax
        // The infinite bucket, the sum and the count.
        case .histogram(let bounds): labelSetsMax * (bounds.count + 3)
        }
    }

    init<each Label: MetricLabel>(
        _ name: String, _ shape: Shape, _ origin: Origin, _ help: String, _ labels: repeat (each Label).Type
    ) {
        self.name = name
        self.shape = shape
        self.origin = origin
        self.help = help
        var names: [String] = []
        var sets: [[String]]? = [[]]
        var count = 1
        for label in repeat each labels {
            names += label.names
            count *= label.countMax
            let longer = label.all
            sets = sets.flatMap { known in
                longer.map { longer in known.flatMap { start in longer.map { start + $0 } } }
            }
        }
        labelNames = names
        labelSets = sets
        labelSetsMax = count
    }
}
