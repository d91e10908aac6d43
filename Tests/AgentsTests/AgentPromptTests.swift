import Agents
import State
import Testing
import Values

@Suite("Agent prompt")
struct AgentPromptTests {
    private static let trigger = manifest(
        "Trigger", "t", "agent: a\nschedule: {cron: '0 9 * * *'}\ninput: 'Look at {{payload.title}}.'")

    private func told(_ fixture: RunFixture, trigger: String? = nil, input: JSON? = nil) async throws -> [String] {
        let result = try await fixture.run(trigger: trigger, input: input) { request in
            .text(
                JSON.array(request.messages.map { .string("\($0.role.rawValue): \($0.content ?? "")") }).canonicalText)
        }
        let output = try #require(result.output, "\(result.error ?? "")")
        return try #require(try JSON(parsing: output).array).compactMap(\.string)
    }

    @Test("is the persona, an empty line and the rendered instructions; then the trigger's rendered input")
    func parts() async throws {
        var fixture = RunFixture(manifests: [
            RunFixture.provider, Self.trigger,
            manifest(
                "Agent", "a",
                """
                persona: {file: me.md}
                model: {provider: model, name: m}
                systemPrompt: 'Handle {{event}} <b> & {{payload.title}}.'
                """),
        ])
        fixture.files = ["me.md": "I am {{not}} a template.\n\n"]
        #expect(
            try await told(fixture, trigger: "t") == [
                "system: I am {{not}} a template.\n\nHandle push <b> & Broken.", "user: Look at Broken.",
            ])
    }

    @Test("takes shared instructions of a Prompt")
    func prompt() async throws {
        let fixture = RunFixture(manifests: [
            RunFixture.provider, manifest("Prompt", "p", "template: 'Shared: {{event}}'"),
            manifest("Agent", "a", "model: {provider: model, name: m}\nprompt: p"),
        ])
        #expect(try await told(fixture, input: "x").first == "system: Shared: push")
    }

    @Test("the input is what was given by hand, else the trigger's, else the payload as JSON")
    func input() async throws {
        let fixture = RunFixture(manifests: [RunFixture.provider, RunFixture.agent(), Self.trigger])
        #expect(try await told(fixture, trigger: "t", input: "By hand.").last == "user: By hand.")
        #expect(try await told(fixture, trigger: "t", input: ["b": 1, "a": true]).last == #"user: {"a":true,"b":1}"#)
        #expect(try await told(fixture).last == #"user: {"title":"Broken"}"#)
    }

    @Test("every run tells its prompt's digest, which changes with what it is told")
    func digest() async throws {
        let fixture = RunFixture(manifests: [RunFixture.provider, RunFixture.agent()])
        let first = try await fixture.run(input: "One.") { _ in .text("ok") }.usage.promptDigest
        let again = try await fixture.run(input: "One.") { _ in .text("other") }.usage.promptDigest
        let other = try await fixture.run(input: "Two.") { _ in .text("ok") }.usage.promptDigest
        #expect(first != nil)
        #expect(first == again)
        #expect(first != other)
    }

    @Test("an agent that is not there fails, and says so")
    func missing() async throws {
        let fixture = RunFixture(manifests: [RunFixture.provider, RunFixture.agent()])
        let result = try await fixture.run(.agent("b")) { _ in .text("ok") }
        #expect(result.reason == .notFound)
        #expect(result.error == "there is no agent b in this revision")
    }
}
