import TestSupport
import Testing

/// Holds a text to the one that is recorded.
func compare(_ text: String, with name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(
        text == (try Golden.recorded(name, anew: text)), "WRIT_RECORD=1 records it anew", sourceLocation: sourceLocation
    )
}
