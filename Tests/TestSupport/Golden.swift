import Foundation

/// Texts that are recorded in `Fixtures/` beside a test. `WRIT_RECORD=1 swift test --filter …` records them anew: read them
/// before they are committed.
package enum Golden {
    /// What is recorded under a name; an empty text where nothing is.
    ///
    /// - Parameter text: what is recorded where that is asked for
    package static func recorded(_ name: String, anew text: String, beside test: String = #filePath) throws -> String {
        let file = URL(fileURLWithPath: test).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)")
        if ProcessInfo.processInfo.environment["WRIT_RECORD"] == "1" { try Data(text.utf8).write(to: file) }
        guard let data = try? Data(contentsOf: file) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}
