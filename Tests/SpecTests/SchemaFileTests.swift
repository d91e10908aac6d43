import Foundation
import Spec
import Testing
import Values

@Suite struct SchemaFileTests {
    @Test(arguments: ["writ.schema.json", "settings.schema.json"])
    func `schemas/ holds what the writer gives`(name: String) throws {
        let schema = name.hasPrefix("writ") ? JSONSchemaWriter.manifest() : JSONSchemaWriter.settings()
        let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
        let file = try Data(contentsOf: root.appendingPathComponent("schemas/\(name)"))
        let isSame = String(decoding: file, as: UTF8.self) == schema.prettyText + "\n"
        #expect(isSame, "schemas/\(name) is not what the kinds say any more: run `make schemas`")
    }
}
