import State
import TestSupport
import Testing
import Values

@Suite struct StepTests {
    @Test func `steps are kept in order, each attempt's own`() throws {
        let fixture = try StateFixture()
        try fixture.createAgents("brief")
        let id = try fixture.enqueue(fixture.run(), at: StateFixture.start)
        let first = try fixture.claimOne().lease
        var step = Step(
            number: 1, kind: .model, name: "gpt", startedAt: StateFixture.at(1), requestDigest: Digest(of: "r".utf8),
            request: ["messages": []])
        try fixture.store.record(step, of: first)
        step.finishedAt = StateFixture.at(2)
        step.tokensIn = 7
        step.response = ["content": "hello"]
        try fixture.store.record(step, of: first)
        _ = try fixture.store.retryLater(
            first, error: "no", notBefore: StateFixture.at(3), at: StateFixture.at(3))
        let second = try fixture.claimOne(at: 3).lease
        try fixture.store.record(
            Step(number: 2, kind: .tool, name: "news", startedAt: StateFixture.at(5), error: "404"), of: second)
        try fixture.store.record(
            Step(number: 1, kind: .model, name: "gpt", startedAt: StateFixture.at(4)), of: second)

        let steps = try fixture.reader.steps(of: id)
        #expect(steps.map(\.attempt) == [1, 2, 2])
        #expect(steps.map(\.number) == [1, 1, 2])
        #expect(steps.first?.finishedAt == StateFixture.at(2))
        #expect(steps.first?.tokensIn == 7)
        #expect(steps.first?.response == ["content": "hello"])
        #expect(steps.first?.requestDigest == Digest(of: "r".utf8))
        #expect(steps.last?.error == "404")
    }

    @Test("fault E97: a response over 256 KiB is stored as its beginning and its size")
    func longResponse() throws {
        let fixture = try StateFixture()
        try fixture.createAgents("brief")
        let id = try fixture.enqueue(fixture.run(), at: StateFixture.start)
        let response = JSON.string(String(repeating: "\"", count: 300_000))
        try fixture.store.record(
            Step(number: 1, kind: .tool, name: "news", startedAt: StateFixture.at(1), response: response),
            of: try fixture.claimOne().lease)
        let stored = try #require(try fixture.reader.steps(of: id).first?.response)
        #expect(stored["truncated"] == true)
        #expect(stored["bytes"] == 600_002)
        #expect(stored.canonicalText.utf8.count <= 400_000)
    }
}
