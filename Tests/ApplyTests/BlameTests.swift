import Apply
import Spec
import Testing
import Values

@Suite struct BlameTests {
    private func manifest(_ spec: JSON) -> JSON {
        ["apiVersion": "writ/v1", "kind": "Agent", "metadata": ["name": "brief"], "spec": spec]
    }

    private func lines(_ specs: [JSON]) -> [String: Int] {
        var blame = Blame(of: .agent)
        for (index, spec) in specs.enumerated() {
            blame.add(manifest(spec), from: Blame.Origin(revision: index + 1, commit: nil), isNew: index == 0)
        }
        return Dictionary(blame.lines.map { ($0.label, $0.origin.revision) }) { first, _ in first }
    }

    @Test func `each field is the last revision's that set it`() {
        let lines = lines([
            ["model": ["provider": "openai", "name": "small"], "suspend": true],
            ["model": ["provider": "openai", "name": "large"], "suspend": true],
            ["model": ["provider": "openai", "name": "large"], "limits": ["maxSteps": 3]],
        ])
        #expect(
            lines == [
                "metadata.name": 1, "spec.model.provider": 1, "spec.model.name": 2, "spec.limits.maxSteps": 3,
            ])
    }

    @Test func `a value that was taken back is the revision's that did so`() {
        #expect(lines([["suspend": true], ["suspend": false], ["suspend": true]])["spec.suspend"] == 3)
    }

    @Test func `items of a list are followed by their names, wherever they stand`() {
        let lines = lines([
            ["tools": [["name": "news", "approval": "none"], ["name": "publish", "approval": "none"]]],
            ["tools": [["name": "publish", "approval": "required"], ["name": "news", "approval": "none"]]],
            [
                "tools": [
                    "archive", ["name": "publish", "approval": "required"], ["name": "news", "approval": "none"],
                ]
            ],
        ])
        #expect(lines["spec.tools[news].approval"] == 1)
        #expect(lines["spec.tools[publish].approval"] == 2)
        #expect(lines["spec.tools[publish].name"] == 1)
        #expect(lines["spec.tools[archive]"] == 3)
    }

    @Test func `what is sensitive has no value`() throws {
        var blame = Blame(of: .provider)
        blame.add(
            [
                "kind": "Provider", "metadata": ["name": "p"],
                "spec": ["type": "openai", "headers": ["X-Key": "canary"]],
            ],
            from: Blame.Origin(revision: 1, commit: nil), isNew: true)
        let line = try #require(blame.lines.first { $0.label == "spec.headers.X-Key" })
        #expect(line.value == nil)
        #expect(!"\(blame.lines)".contains("canary"))
    }

    @Test func `what was deleted and made again began anew`() {
        var blame = Blame(of: .agent)
        blame.add(manifest(["suspend": true]), from: Blame.Origin(revision: 1, commit: nil), isNew: true)
        blame.add(manifest(["suspend": true]), from: Blame.Origin(revision: 5, commit: nil), isNew: true)
        #expect(blame.lines.map(\.origin.revision) == [5, 5])
    }
}
