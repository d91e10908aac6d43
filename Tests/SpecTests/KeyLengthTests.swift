import Spec
import Testing

@Suite struct KeyLengthTests {
    /// libyaml itself says "mapping values are not allowed in this context" here, which helps nobody.
    @Test(arguments: [1_100, 5_000, 200_000])
    func `a key over its limit is told as such, with its line (fault A23)`(length: Int) {
        let reading = readYAML("a: 1\nb:\n  \(String(repeating: "k", count: length)): 2\n")
        #expect(reading.summary.first?.hasSuffix("key-too-long") == true, "\(reading.summary)")
        #expect(reading.summary.first?.hasPrefix("3:") == true, "\(reading.summary)")
        #expect(reading.diagnostics.allSatisfy { $0.text.utf8.count < 300 })
    }

    @Test func `the longest key is read`() {
        #expect(readYAML("\(String(repeating: "k", count: 1_000)): 2\n").summary == [])
    }
}
