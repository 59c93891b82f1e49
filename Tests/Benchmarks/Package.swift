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

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let flyingFox: Target.Dependency = .product(name: "FlyingFox", package: "FlyingFox")

let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
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
        module("Fetching", ["CNet", "LibPSL", "Model", "Runtime"]),
        module("TestSupport", ["Fetching", "Model", "Runtime", flyingFox]),
        .target(name: "CFetchBaseline", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CMemory"),
        benchmark("MatchBenchmark", ["CMemory", "Matching", "Model"]),
        benchmark("FoldTable", []),
        benchmark("FetchBenchmark", ["CFetchBaseline", "Fetching", "Model", "Runtime", "TestSupport"]),
        .systemLibrary(name: "LibXML2", path: "Modules/LibXML2", pkgConfig: "libxml-2.0"),
        .target(name: "CXML", dependencies: ["LibXML2"], path: "Modules/CXML", linkerSettings: [.linkedLibrary("z")]),
        module("Markup", ["CXML"]),
        module("Feeds", ["Model", "Markup", crypto]),
        .target(name: "CSAXBaseline", dependencies: ["LibXML2"]),
        benchmark("FeedBenchmark", ["CSAXBaseline", "Feeds", "Model"]),
    ]
)
