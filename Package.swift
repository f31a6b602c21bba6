// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the same rules: Swift 6 mode, warnings are errors, imports say what they use.
let house: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Signal and vector code is unusable without the optimiser, so it is optimised in debug builds too.
let houseFast: [SwiftSetting] = house + [.unsafeFlags(["-O"])]

let package = Package(
    name: "sillon",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "sillon", targets: ["sillon"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Innermost: values and rules, no IO, no clock.
        .target(name: "Domain", swiftSettings: house),
        .target(name: "Contracts", dependencies: ["Domain"], path: "common/Contracts", swiftSettings: house),
        .target(
            name: "Telemetry",
            dependencies: [
                "Domain", .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            path: "common/Telemetry",
            swiftSettings: house),
        // The loops of the vector index, which Swift would compile for the oldest processor only.
        .target(name: "CSimilarity", cSettings: [.unsafeFlags(["-O2"])]),
        .target(name: "Similarity", dependencies: ["CSimilarity", "Domain"], swiftSettings: houseFast),
        .target(
            name: "UseCases",
            dependencies: [
                "Contracts", "Domain", "Similarity", "Telemetry",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),

        // File system calls that Swift's libraries do not have: byte paths, openat, lstat.
        .target(name: "CFiles", cSettings: [.unsafeFlags(["-O2"])]),
        .target(name: "Files", dependencies: ["CFiles", "Domain", "UseCases"], swiftSettings: houseFast),

        // Other programs, run to their end: ffmpeg, pg_dump.
        .target(name: "CPrograms", cSettings: [.unsafeFlags(["-O2"])]),
        .target(name: "Programs", dependencies: ["CPrograms"], swiftSettings: house),

        // PostgreSQL's client library.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        // Adapters: none of them imports another.
        .target(
            name: "Persistence",
            dependencies: [
                .product(name: "CoreMetrics", package: "swift-metrics"),
                "CLibPQ", "Contracts", "Domain", "Programs", "Telemetry", "UseCases",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: house),
        .target(
            name: "CAudio",
            cSettings: [.unsafeFlags(["-O2"])],
            linkerSettings: [
                .linkedLibrary("avformat"), .linkedLibrary("avcodec"), .linkedLibrary("swresample"),
                .linkedLibrary("avutil"),
            ]),
        // The fingerprint that AcoustID knows.
        .systemLibrary(
            name: "CChromaprint", pkgConfig: "libchromaprint", providers: [.apt(["libchromaprint-dev"])]),
        .target(
            name: "CTagLib",
            cxxSettings: [.unsafeFlags(["-O2"])],
            linkerSettings: [.linkedLibrary("tag")]),
        // The media host: how the child is started, and what it gives up before it touches a file.
        .target(name: "CMediaHost", cSettings: [.unsafeFlags(["-O2"])]),
        .target(
            name: "Audio",
            dependencies: [
                .product(name: "CoreMetrics", package: "swift-metrics"),
                "CAudio", "CChromaprint", "CMediaHost", "CTagLib", "Contracts", "Domain", "Files", "Telemetry",
                "UseCases",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: houseFast),
        .target(
            name: "API",
            dependencies: [
                "Contracts", "Domain", "Telemetry", "UseCases",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            // What pages load lies inside the program.
            resources: [.embedInCode("Web/Assets")],
            swiftSettings: house),

        // Workers on other devices: the queue and the files of a server, over HTTP.
        .target(
            name: "Remote",
            dependencies: [
                "Contracts", "Domain", "Files", "Telemetry", "UseCases",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: house),

        // Services outside, one file for each, and what all of them share.
        .target(
            name: "Integrations",
            dependencies: [
                "Contracts", "Domain", "Telemetry", "UseCases",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),

        // Synthesised music with known tempo and key: the demo library, the corpus of the benchmarks, test audio.
        .target(name: "Demo", dependencies: ["Programs"], swiftSettings: houseFast),

        // Wiring only.
        .executableTarget(
            name: "sillon",
            dependencies: [
                "API", "Audio", "Contracts", "Demo", "Domain", "Files", "Integrations", "Persistence", "Remote",
                "Similarity", "Telemetry", "UseCases",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: house),

        // Measures the analyser, and learns the constants of the embedding: Benchmarks/ear/README.md.
        .executableTarget(
            name: "ear-bench", dependencies: ["Audio", "Domain", "Similarity"], path: "Benchmarks/ear/Sources",
            swiftSettings: house),

        .testTarget(name: "DomainTests", dependencies: ["Domain", "TestSupport"], swiftSettings: house),
        .testTarget(name: "ContractsTests", dependencies: ["Contracts", "Domain"], swiftSettings: house),
        .testTarget(
            name: "UseCasesTests",
            dependencies: [
                "Contracts", "Domain", "Similarity", "UseCases",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "PersistenceTests",
            dependencies: [
                "Telemetry", .product(name: "CoreMetrics", package: "swift-metrics"),
                "Contracts", "Domain", "Persistence", "Similarity", "TestSupport", "UseCases",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        // What more than one of the test targets below needs: the program's path, tools, files that break parsers.
        .target(
            name: "TestSupport",
            dependencies: [
                "Contracts", "Domain", "Persistence", "Programs", "UseCases",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/TestSupport", swiftSettings: house),
        // Breaks things under running processes, and counts what that cost; `ops/chaos` runs it by hand.
        .target(
            name: "Faults",
            dependencies: [
                "Audio", "Contracts", "Domain", "Files", "Persistence", "Similarity", "TestSupport", "UseCases",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Tests/Faults", swiftSettings: house),
        .executableTarget(
            name: "chaos",
            dependencies: [
                "Demo", "Faults", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/chaos", swiftSettings: house),
        // Services outside, as they behave towards a client, well and badly; `ops/demo-services` runs them by hand.
        .target(
            name: "StandIns",
            dependencies: [
                "Demo",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/StandIns", exclude: ["check"], swiftSettings: house),
        .executableTarget(
            name: "stand-ins",
            dependencies: ["StandIns", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/stand-ins", swiftSettings: house),
        .testTarget(
            name: "StandInsTests", dependencies: ["Demo", "Programs", "StandIns", "TestSupport", "stand-ins"],
            swiftSettings: house),
        // Tries the sandbox from inside, call by call.
        .target(name: "SandboxProbe", dependencies: ["CMediaHost"], path: "Tests/SandboxProbe"),
        // The oracle of loudness.
        .systemLibrary(
            name: "CEbur128", path: "Tests/CEbur128", pkgConfig: "libebur128", providers: [.apt(["libebur128-dev"])]),
        .systemLibrary(
            name: "CAvTx", path: "Tests/CAvTx", pkgConfig: "libavutil", providers: [.apt(["libavutil-dev"])]),
        .testTarget(
            name: "AudioTests",
            dependencies: [
                "Telemetry", .product(name: "CoreMetrics", package: "swift-metrics"),
                "Audio", "CAudio", "CAvTx", "CChromaprint", "CEbur128", "Contracts", "Domain", "SandboxProbe",
                "TestSupport",
                "UseCases",
                "sillon",
            ],
            swiftSettings: house),
        .testTarget(name: "FilesTests", dependencies: ["CFiles", "Domain", "Files", "UseCases"], swiftSettings: house),
        .testTarget(
            name: "SimilarityTests", dependencies: ["CSimilarity", "Domain", "Similarity"], swiftSettings: house),
        .testTarget(
            name: "APITests",
            dependencies: [
                "Telemetry", .product(name: "CoreMetrics", package: "swift-metrics"),
                "API", "Contracts", "Domain", "TestSupport", "UseCases",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "IntegrationsTests",
            dependencies: [
                "Contracts", "Domain", "Integrations", "StandIns", "Telemetry", "TestSupport", "UseCases",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        // A queue on a real database behind a real server, and what can happen on the way there.
        .testTarget(
            name: "RemoteTests",
            dependencies: [
                "API", "Contracts", "Domain", "Files", "Persistence", "Remote", "TestSupport", "UseCases",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "TelemetryTests",
            dependencies: [
                "Domain", "Telemetry", .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "SillonTests",
            dependencies: [
                "Audio", "Contracts", "Domain", "Files", "Integrations", "Persistence", "Similarity", "StandIns",
                "Telemetry",
                "TestSupport", "UseCases", "sillon",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(name: "DemoTests", dependencies: ["Demo", "Programs", "TestSupport"], swiftSettings: house),
        .testTarget(name: "TidyTests", swiftSettings: houseFast),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Contracts", "Demo", "Domain", "Faults", "Files", "Persistence", "StandIns", "TestSupport", "UseCases",
                "chaos", "sillon",
            ],
            exclude: ["Support/otlp"], swiftSettings: house),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
