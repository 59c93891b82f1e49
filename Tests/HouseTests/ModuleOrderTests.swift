// The house rule: a module may use only modules above it. The test reads the package's manifest and the sources as they
// are, so a new import that points down fails here first.

import Foundation
import TestSupport
import Testing

@Suite struct ModuleOrderTests {
    /// From the ground up.
    private static let order = [
        "LibXML2", "LibPSL", "CNet", "CXML", "Runtime", "Model", "Markup", "Feeds", "Pages", "Matching", "Alerting",
        "Fetching", "Storage", "Journaling", "Configuration", "Monitoring", "Control", "Simulation", "TestSupport",
        "earshot",
    ]

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func everyModuleInTheManifestHasItsPlace() throws {
        #expect(Set(try Manifest(root: Self.root).modules.keys) == Set(Self.order))
    }

    @Test func aModuleDependsOnlyOnModulesAboveIt() throws {
        for (module, dependencies) in try Manifest(root: Self.root).modules {
            for dependency in dependencies { expectAbove(dependency, module, "Package.swift") }
        }
    }

    @Test func aFileImportsOnlyWhatItsModuleDependsOn() throws {
        let manifest = try Manifest(root: Self.root)
        let ours = Set(Self.order)
        var files = 0
        for module in Self.order {
            for file in try swiftFiles(in: Self.root.appendingPathComponent("Sources/\(module)")) {
                files += 1
                let imports = try Self.imports(of: file).filter(ours.contains)
                for name in imports {
                    expectAbove(name, module, file.lastPathComponent)
                    #expect(
                        manifest.modules[module]?.contains(name) == true,
                        "\(module)/\(file.lastPathComponent) imports \(name), which its module does not depend on")
                }
            }
        }
        #expect(files > 50)
    }

    @Test func whatOneModuleMayNotKnowStaysInside() throws {
        // GRDB is Storage's secret, libcurl and libpsl Fetching's, libxml2 Markup's, YAML Configuration's.
        let secrets = [
            "GRDB": "Storage", "CNet": "Fetching", "LibPSL": "Fetching", "CXML": "Markup", "Yams": "Configuration",
        ]
        for module in Self.order {
            for file in try swiftFiles(in: Self.root.appendingPathComponent("Sources/\(module)")) {
                for name in try Self.imports(of: file) {
                    #expect(secrets[name, default: module] == module, "\(module)/\(file.lastPathComponent): \(name)")
                }
            }
        }
    }

    private func expectAbove(_ upper: String, _ lower: String, _ place: String) {
        guard let above = Self.order.firstIndex(of: upper), let below = Self.order.firstIndex(of: lower) else { return }
        #expect(above < below, "\(place): \(lower) may not use \(upper)")
    }

    private func swiftFiles(in folder: URL) throws -> [URL] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
    }

    private static func imports(of file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line -> String? in
            let words = line.split { $0 == " " || $0 == "." }
            guard let place = words.firstIndex(of: "import"), words.count > place + 1 else { return nil }
            let before = words[..<place].allSatisfy { $0.hasPrefix("@") || Self.access.contains(String($0)) }
            let name = words[(place + 1)...].first { !Self.kinds.contains(String($0)) }
            return before ? name.map(String.init) : nil
        }
    }

    private static let access: Set = ["package", "internal", "private", "fileprivate", "public"]
    private static let kinds: Set = ["struct", "class", "func", "enum", "protocol", "typealias", "let", "var"]
}

/// The targets of Package.swift and what each depends on, as the package manager reads it.
private struct Manifest {
    /// Our dependencies of each module that is not a test.
    let modules: [String: [String]]

    private struct Package: Decodable {
        var targets: [Target]
    }

    private struct Target: Decodable {
        var name: String
        var type: String
        var dependencies: [Dependency]
    }

    /// `{"byName": ["Model", null]}`, or a product of another package.
    private struct Dependency: Decodable {
        var byName: [String?]?
        var target: [String?]?
    }

    init(root: URL) throws {
        // A scratch folder of its own: the package's is locked while its tests run.
        let scratch = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "swift", "package", "--package-path", root.path, "--scratch-path", scratch.path, "dump-package",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let package = try JSONDecoder().decode(Package.self, from: data)
        let targets = package.targets.filter { $0.type != "test" }
        modules = Dictionary(
            uniqueKeysWithValues: targets.map { target in
                (target.name, target.dependencies.compactMap { ($0.byName ?? $0.target)?.first ?? nil })
            })
    }
}
