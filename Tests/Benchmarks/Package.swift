// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that what only benchmarks need stays out of the product. `Modules` is a link to the
// product's sources: `package` access ends at a package's border, so they are built here once more.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Modules/\(name)", swiftSettings: strict)
}

func benchmark(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let flyingFox: Target.Dependency = .product(name: "FlyingFox", package: "FlyingFox")

let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        .target(
            name: "CNet", path: "Modules/CNet",
            linkerSettings: ["curl", "cares", "deflate", "brotlidec", "zstd"].map { .linkedLibrary($0) }),
        module("Runtime"),
        module("Model"),
        .target(
            name: "Matching", dependencies: ["Model"], path: "Modules/Matching", exclude: ["QueryLanguage.md"],
            swiftSettings: strict),
        .systemLibrary(name: "LibPSL", path: "Modules/LibPSL", pkgConfig: "libpsl"),
        module("Fetching", ["CNet", "LibPSL", "Model", "Runtime", deque]),
        .target(
            name: "Alerting", dependencies: ["Model", crypto, mustache], path: "Modules/Alerting",
            exclude: ["Formats/Formats.md", "Routing/Routes.md"], swiftSettings: strict),
        module("Storage", ["Model", "Runtime", grdb]),
        module("Journaling", ["Model"]),
        .target(
            name: "Configuration",
            dependencies: ["Model", "Markup", "Feeds", "Pages", "Matching", "Alerting", yams],
            path: "Modules/Configuration", exclude: ["engines/README.md"], resources: [.embedInCode("engines")],
            swiftSettings: strict),
        .target(
            name: "Monitoring",
            dependencies: [
                "Runtime", "Model", "Feeds", "Pages", "Matching", "Alerting", "Fetching", "Storage", "Journaling",
                "Configuration", crypto, logging, subprocess, systemPackage,
            ], path: "Modules/Monitoring", exclude: ["Rhythm.md", "Rhythm.svg"], swiftSettings: strict),
        module(
            "TestSupport",
            [
                "Runtime", "Model", "Alerting", "Fetching", "Storage", "Journaling", "Configuration", "Monitoring",
                "Simulation", flyingFox, logging,
            ]),
        .target(name: "CPostBaseline", linkerSettings: [.linkedLibrary("curl")]),
        benchmark(
            "AlertBenchmark",
            [
                "CNet", "CPostBaseline", "Alerting", "Configuration", "Fetching", "Journaling", "Matching", "Measuring",
                "Model", "Monitoring", "Runtime", "Simulation", "Storage", "TestSupport", logging,
            ]),
        .target(name: "CFetchBaseline", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CMemory"),
        benchmark("MatchBenchmark", ["CMemory", "Matching", "Model", "Simulation"]),
        benchmark("FoldTable", []),
        .target(name: "Measuring", swiftSettings: strict),
        benchmark("FetchBenchmark", ["CFetchBaseline", "Fetching", "Measuring", "Model", "Runtime", "TestSupport"]),
        benchmark(
            "PollBenchmark",
            ["Configuration", "Fetching", "Measuring", "Model", "Monitoring", "TestSupport", logging]),
        .systemLibrary(name: "LibXML2", path: "Modules/LibXML2", pkgConfig: "libxml-2.0"),
        .target(name: "CXML", dependencies: ["LibXML2"], path: "Modules/CXML", linkerSettings: [.linkedLibrary("z")]),
        module("Markup", ["CXML"]),
        module("Feeds", ["Model", "Markup", crypto]),
        module("Pages", ["Model", "Markup", "Feeds"]),
        .target(name: "CHTMLBaseline", dependencies: ["LibXML2"]),
        benchmark("PageBenchmark", ["CHTMLBaseline", "Configuration", "Measuring", "Model", "Pages"]),
        .target(name: "CSAXBaseline", dependencies: ["LibXML2"]),
        benchmark("FeedBenchmark", ["CSAXBaseline", "Feeds", "Measuring", "Model"]),
        module("Simulation", ["Model", "Fetching", "Monitoring", "Storage"]),
        benchmark(
            "ScheduleSimulation",
            ["CMemory", "Configuration", "Model", "Monitoring", "Runtime", "Simulation", "Storage"]),
        benchmark(
            "HourSimulation",
            ["Configuration", "Fetching", "Monitoring", "Runtime", "TestSupport", logging]),
        benchmark("RhythmReplay", ["Feeds", "Model", "Monitoring"]),
    ]
)
