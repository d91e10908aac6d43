import Spec
import Testing
import Values

@testable import Reconciler

/// Lines that the reading process writes without a value of them are what those values would be written as.
@Suite struct LineFormTests {
    @Test(arguments: [nil, "former", "with \"quotes\"\n"])
    func `the head of a resource is its message in canonical JSON`(_ renamedFrom: String?) {
        for path in ["agents/brief.yaml", "a \"b\"\\c.yaml", "é.yaml"] {
            for mark in [Mark.start, Mark(line: 12, column: 345)] {
                let head = ResourceHead(place: Place(path: path, mark: mark), renamedFrom: renamedFrom)
                #expect(head.line == ReaderMessage.resource(head).json.canonicalBytes)
            }
        }
    }

    @Test func `a file is its canonical JSON`() {
        let id = ResourceID(kind: .agent, name: "brief")
        let place = Place(path: "a.yaml", mark: .start)
        let files = [
            SourceFile(path: "a.yaml", role: .manifest, blob: "0123", size: 0),
            SourceFile(path: "é \"x\".yaml", role: .settings, blob: "0123", size: 1_234, includes: ["b.md", "c\n.md"]),
            SourceFile(
                path: "a.yaml", role: .manifest, blob: "0123", size: 7, declares: [id, Tool.id("search")],
                includes: ["b.md"]),
            SourceFile(path: "a.yaml", role: .manifest, blob: "0123", size: 7, declares: [id]),
            SourceFile(path: "a.yaml", role: .manifest, blob: "0123", size: 7, hidesNames: true),
            SourceFile(
                path: "a.yaml", role: .manifest, blob: "0123", size: 7, declares: [id],
                unsound: [UnsoundManifest(id: id, mark: .start, renamedFrom: nil, content: nil)],
                diagnostics: [Diagnostic(.error, .badValue, "it is wrong", at: place)]),
        ]
        for file in files {
            var bytes: [UInt8] = []
            file.appendCanonical(to: &bytes)
            #expect(bytes == file.json.canonicalBytes, "\(file)")
        }
    }
}
