/// Weights of the tempo's rating, learned from 279 rendered excerpts. Written by Benchmarks/ear/tempo.py; another set of
/// numbers is another version of the analyser.
enum TempoWeights {
    static let periodicity = 3.0299
    static let octaves = 0.6127
    static let squaredOctaves = -1.2384
    static let density = 0.3863
    static let harmony = [1.9662, 0.5635, 0.5065, -0.2392, -2.2833, -0.7676, -0.6060]
}
