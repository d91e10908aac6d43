import Spec
import TestSupport
import Testing

@Suite struct MarkedTextTests {
    @Test func `a mark is taken out and names the place after it`() throws {
        let marked = try MarkedText("=== a.yaml ===\nk: «1»v\né«2»: w")
        #expect(marked.snapshot.files["a.yaml"] == Array("k: v\né: w".utf8))
        #expect(marked.marks["1"] == Place(path: "a.yaml", mark: Mark(line: 1, column: 4)))
        #expect(marked.marks["2"] == Place(path: "a.yaml", mark: Mark(line: 2, column: 2)))
    }

    @Test func `missing and unexpected diagnostics both count as differences`() throws {
        let marked = try MarkedText(
            "=== a.yaml ===\nk: «1»v\n=== expected ===\n1: error bad-value: is wrong => write it right")
        let place = Place(path: "a.yaml", mark: Mark(line: 1, column: 4))
        let right = Diagnostic(.error, .badValue, "this is wrong", at: place, fix: "write it right")
        #expect(marked.differences(from: [right]).isEmpty)
        #expect(marked.differences(from: []).count == 1)
        #expect(marked.differences(from: [right, right]).count == 1)
        #expect(marked.differences(from: [Diagnostic(.warning, .badValue, "is wrong", at: place)]).count == 2)
    }
}
