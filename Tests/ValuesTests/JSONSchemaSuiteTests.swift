import Foundation
import Testing
import Values

/// The official tests of draft 2020-12, file by file.
@Suite("The JSON Schema test suite")
struct JSONSchemaSuiteTests {
    /// Groups that fetch another document.
    static let remote: Set = [
        "$ref to $dynamicRef finds detached $dynamicAnchor",
        "remote ref, containing refs itself",
        "validate definition against metaschema",
        "strict-tree schema, guards against misspelled properties",
        "tests for implementation dynamic anchor and reference link",
        "$ref and $dynamicAnchor are independent of order - $defs first",
        "$ref and $dynamicAnchor are independent of order - $ref first",
    ]

    @Test(arguments: files)
    func `passes, but for groups that fetch another document`(_ file: String) throws {
        let bytes = try Data(contentsOf: Self.directory.appending(path: file))
        var limits = JSONLimits()
        limits.allowsNUL = true
        let groups = try #require(try JSON(parsing: Array(bytes), limits: limits).array)
        #expect(!groups.isEmpty)
        for group in groups {
            let title = group["description"]?.string ?? ""
            if Self.remote.contains(title) { continue }
            let schema = try JSONSchema(try #require(group["schema"]))
            for test in try #require(group["tests"]?.array) {
                let violations = schema.validate(try #require(test["data"]))
                let name = "\(title): \(test["description"]?.string ?? "")"
                #expect(violations.isEmpty == test["valid"]?.bool, "\(name): \(violations)")
            }
        }
    }

    @Test func `finds its files`() {
        #expect(Self.files.count > 40)
    }

    /// All but `vocabulary.json`, whose metaschemas are other documents.
    static let files = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { $0.hasSuffix(".json") && $0 != "vocabulary.json" }.sorted()
    }()

    static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().appending(path: "Fixtures/json-schema-2020-12")
}
