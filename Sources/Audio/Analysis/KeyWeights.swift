/// Weights of a key's rating, tonic first: of the whole chroma and of the bass. Learned from 279 rendered excerpts,
/// beginning with the mean of two published profiles (Sha'ath 2011, KeyFinder; Faraldo 2016, bgate). Written by
/// Benchmarks/ear/key.py; another set of numbers is another version of the analyser.
enum KeyWeights {
    typealias Profiles = (chroma: [Double], bass: [Double])

    static let major: Profiles = (
        chroma: [1.6313, -1.4729, 0.3778, -1.1148, 1.2299, 0.5379, -1.0556, 1.2152, -1.0761, 0.4598, -1.6200, 0.8876],
        bass: [0.3115, 0.1393, -0.0289, -0.0026, -0.3737, 0.0530, 0.0301, 0.5853, -0.0733, -0.2765, -0.0673, -0.2969]
    )
    static let minor: Profiles = (
        chroma: [2.3332, -1.9533, 0.4555, 1.1466, -1.5999, -0.0506, -1.5915, 1.2597, 0.8031, -1.3382, 0.5091, 0.0262],
        bass: [0.3084, 0.0092, 0.2127, -0.4763, -0.2565, -0.1853, 0.1894, -0.1261, 0.2275, -0.0559, 0.2696, -0.1166]
    )
}
