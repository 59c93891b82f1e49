// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A module of ours. The order of these calls is the order of the house: a module may only use those above it,
/// and `Tests/HouseTests` holds the manifest and the sources to that.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let cStrict: [CSetting] = [.treatAllWarnings(as: .error), .enableWarning("all"), .enableWarning("extra")]

let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let flyingFox: Target.Dependency = .product(name: "FlyingFox", package: "FlyingFox")

let package = Package(
    name: "earshot",
    products: [.executable(name: "earshot", targets: ["earshot"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
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
        .systemLibrary(name: "LibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "LibPSL", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev", "publicsuffix"])]),
        .target(
            name: "CNet", cSettings: cStrict,
            linkerSettings: ["curl", "cares", "deflate", "brotlidec", "zstd"].map { .linkedLibrary($0) }),
        .target(name: "CXML", dependencies: ["LibXML2"], cSettings: cStrict, linkerSettings: [.linkedLibrary("z")]),
        module("Runtime"),
        module("Model"),
        module("Markup", ["CXML"]),
        module("Feeds", ["Model", "Markup", crypto]),
        module("Pages", ["Model", "Markup", "Feeds"]),
        module("Matching", ["Model"], exclude: ["QueryLanguage.md"]),
        module("Alerting", ["Model", crypto, mustache], exclude: ["Formats/Formats.md", "Routing/Routes.md"]),
        module("Fetching", ["CNet", "LibPSL", "Model", "Runtime", deque]),
        module("Storage", ["Model", "Runtime", grdb]),
        module("Journaling", ["Model"]),
        module(
            "Configuration", ["Model", "Markup", "Feeds", "Pages", "Matching", "Alerting", yams],
            exclude: ["engines/README.md"], resources: [.embedInCode("engines")]),
        module(
            "Monitoring",
            [
                "Runtime", "Model", "Markup", "Feeds", "Pages", "Matching", "Alerting", "Fetching", "Storage",
                "Journaling", "Configuration", crypto, logging, subprocess, systemPackage,
            ], exclude: ["Rhythm.md", "Rhythm.svg"]),
        module("Control", ["Model", "Alerting", "Storage", "Monitoring", flyingFox]),
        module("Simulation", ["Model", "Fetching", "Monitoring", "Storage"]),
        module(
            "TestSupport",
            [
                "Runtime", "Model", "Alerting", "Fetching", "Storage", "Journaling", "Configuration", "Monitoring",
                "Simulation", flyingFox, logging,
            ]),
        .executableTarget(
            name: "earshot",
            dependencies: [
                "Runtime", "Model", "Feeds", "Pages", "Matching", "Alerting", "Fetching", "Storage", "Journaling",
                "Configuration", "Monitoring", "Control", arguments, flyingFox, logging,
            ], swiftSettings: strict),

        tests("HouseTests", ["TestSupport"]),
        tests(
            "EarshotTests",
            [
                "earshot", "Alerting", "Configuration", "Control", "Fetching", "Journaling", "Model", "Monitoring",
                "TestSupport", grdb, logging,
            ]),
        tests("RuntimeTests", ["Runtime"]),
        tests("ModelTests", ["Model", "TestSupport"]),
        tests("MarkupTests", ["CXML", "Markup"]),
        tests("FeedsTests", ["Feeds", "Markup", "Model"]),
        tests(
            "PagesTests", ["Configuration", "Feeds", "Markup", "Model", "Pages", "TestSupport"], exclude: ["Examples"]),
        tests("MatchingTests", ["Matching", "Model", "Simulation"]),
        tests("AlertingTests", ["Alerting", "Fetching", "Model", "Runtime", "TestSupport"]),
        tests("FetchingTests", ["CNet", "Fetching", "Model", "Runtime", "TestSupport"]),
        tests("StorageTests", ["Storage", "Model", "Runtime", "TestSupport", grdb]),
        tests("JournalingTests", ["Journaling", "Model", "TestSupport"]),
        tests("ConfigurationTests", ["Pages", "Alerting", "Configuration", "Model", "TestSupport"]),
        tests(
            "MonitoringTests",
            [
                "Runtime", "Model", "Alerting", "Feeds", "Fetching", "Storage", "Journaling", "Configuration",
                "Monitoring",
                "Simulation", "TestSupport", grdb, logging,
            ]),
        tests("ControlTests", ["Alerting", "Configuration", "Control", "Model", "TestSupport"]),
    ]
)
