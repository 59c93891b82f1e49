// swift-tools-version: 6.2
import PackageDescription

// libFuzzer targets, a package of their own: their flags and their sources stay out of the product. Build and run:
//
//     swift build -c release -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=address,fuzzer-no-link \
//         --product FuzzFeeds
//     SWIFT_BACKTRACE=enable=no .build/release/FuzzFeeds -max_total_time=600 Corpus/Feeds

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// The modules under test, from the product's own sources: a dependency would not be built with the fuzzer's flags.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Modules/\(name)", swiftSettings: strict)
}

func fuzzer(_ name: String, _ dependencies: [Target.Dependency] = ["Feeds", "Markup", "Model"]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["FuzzDriver"], swiftSettings: strict,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "fuzzing",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "LibXML2", path: "Modules/LibXML2", pkgConfig: "libxml-2.0"),
        .target(name: "CXML", dependencies: ["LibXML2"], path: "Modules/CXML", linkerSettings: [.linkedLibrary("z")]),
        module("Model"),
        module("Markup", ["CXML"]),
        module("Feeds", ["Model", "Markup", crypto]),
        .target(
            name: "Matching", dependencies: ["Model"], path: "Modules/Matching", exclude: ["QueryLanguage.md"],
            swiftSettings: strict),
        module("Pages", ["Model", "Markup", "Feeds"]),
        .target(
            name: "Alerting", dependencies: ["Model", crypto, mustache], path: "Modules/Alerting",
            exclude: ["Routing/Routes.md"], swiftSettings: strict),
        .target(
            name: "Configuration",
            dependencies: ["Model", "Markup", "Feeds", "Pages", "Matching", "Alerting", yams],
            path: "Modules/Configuration", exclude: ["engines/README.md"], resources: [.embedInCode("engines")],
            swiftSettings: strict),
        .target(name: "FuzzDriver", swiftSettings: strict),
        fuzzer("FuzzPages", ["Configuration", "Feeds", "Model", "Pages"]),
        fuzzer("FuzzSelectors", ["Markup", "Pages"]),
        fuzzer("FuzzFeeds"),
        fuzzer("FuzzDates"),
        fuzzer("FuzzQueries", ["Matching", "Model"]),
        fuzzer("FuzzWords", ["Matching", "Model"]),
    ]
)
