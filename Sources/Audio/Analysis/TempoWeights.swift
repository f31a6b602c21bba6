/// Weights of the tempo's rating, learned from 279 rendered excerpts. Written by Benchmarks/ear/tempo.py; another set
/// of numbers is another version of the analyser.
enum TempoWeights {
    static let periodicity = 3.0298
    static let octaves = 0.6127
    static let squaredOctaves = -1.2385
    static let density = 0.3871
    static let harmony = [1.9663, 0.5637, 0.5066, -0.2391, -2.2833, -0.7675, -0.6059]
}
