import Foundation
import Testing

/// Holds a text to the one recorded in Fixtures/; `WRIT_RECORD=1 swift test --filter ApplyTests` writes them anew.
func compare(_ text: String, with name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)")
    if ProcessInfo.processInfo.environment["WRIT_RECORD"] == "1" { try Data(text.utf8).write(to: file) }
    let recorded = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(text == recorded, "WRIT_RECORD=1 records it anew", sourceLocation: sourceLocation)
}
