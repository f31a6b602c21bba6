/// How far one tempo is from another for a listener, to whom half and double are the same pulse.
package enum TempoJump {
    /// Percent of `old`: the least of the jumps to `new`, to its half and to its double.
    package static func percent(from old: Double, to new: Double) -> Double {
        guard old > 0, new > 0 else { return .infinity }
        return [0.5, 1, 2].map { abs(new * $0 - old) / old * 100 }.min() ?? .infinity
    }
}
