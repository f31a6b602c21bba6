/// Weights of a key's rating, tonic first: of the whole chroma and of the bass. Learned from 279 rendered excerpts,
/// beginning with the mean of two published profiles (Sha'ath 2011, KeyFinder; Faraldo 2016, bgate). Written by
/// Benchmarks/ear/key.py; another set of numbers is another version of the analyser.
enum KeyWeights {
    typealias Profiles = (chroma: [Double], bass: [Double])

    static let major: Profiles = (
        chroma: [1.6313, -1.4731, 0.3781, -1.1149, 1.2300, 0.5381, -1.0557, 1.2152, -1.0758, 0.4596, -1.6203, 0.8875],
        bass: [0.3113, 0.1394, -0.0290, -0.0023, -0.3736, 0.0529, 0.0299, 0.5849, -0.0732, -0.2764, -0.0670, -0.2970]
    )
    static let minor: Profiles = (
        chroma: [2.3333, -1.9532, 0.4551, 1.1466, -1.5998, -0.0504, -1.5918, 1.2597, 0.8028, -1.3384, 0.5097, 0.0263],
        bass: [0.3083, 0.0102, 0.2132, -0.4767, -0.2564, -0.1855, 0.1889, -0.1268, 0.2273, -0.0554, 0.2691, -0.1163]
    )
}
