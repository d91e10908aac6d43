import Spec
import TestSupport
import Testing
import Values

@Suite("Overrides of fields")
struct FieldOverrideTests {
    private func agent(_ spec: JSON = [:]) -> Resource {
        var all: JSONMembers = ["model": ["provider": "p", "name": "m"], "systemPrompt": "Be brief."]
        all = all.merging(spec.object ?? [:])
        return resource(.agent, .object(all))
    }

    private func resource(_ kind: KindName, _ spec: JSON) -> Resource {
        let id = ResourceID(kind: kind, name: "brief")
        return Resource(
            id: id, manifest: ["kind": .string(kind.rawValue), "metadata": ["name": "brief"], "spec": spec],
            place: Place(path: "a.yaml", mark: .start))
    }

    private func message(_ text: String, _ resource: Resource? = nil) -> String? {
        do {
            _ = try (resource ?? agent()).override(reading: text)
            return nil
        } catch {
            return error.message
        }
    }

    @Test(arguments: [
        ("spec.suspend=true", JSON.bool(true)), ("spec.limits.concurrency=1", 1), ("spec.limits.maxSteps=9", 9),
        ("spec.limits.timeout=4m60s", "5m"), ("spec.limits.maxTokens=1000", 1_000),
    ])
    func `reads what makes an agent stricter`(text: String, value: JSON) throws {
        let longer = agent(["limits": ["timeout": "10m"]])
        let override = try longer.override(reading: text)
        #expect(override.value == value)
        #expect(override.label == text.prefix { $0 != "=" })
        let effective = longer.overridden(by: [override])
        #expect(effective.manifest.value(at: override.pointer) == value)
        #expect(effective.digest == longer.digest)
        #expect(effective.spec(as: Agent.self) != nil)
    }

    @Test(arguments: [
        ("spec.limits.concurrency=4", "has spec.limits.concurrency 4: an override may only lower it"),
        ("spec.limits.concurrency=0", "is no value for"), ("spec.limits.concurrency=two", "is no value for"),
        ("spec.suspend=false", "may only turn on it"), ("spec.limits.timeout=1h", "5m"),
        ("spec.limits.concurency=2", "did you mean spec.limits.concurrency?"),
        ("spec.model.name=other", "cannot be overridden by hand: only spec.suspend, spec.limits.maxSteps"),
        ("metadata.protect=false", "cannot be overridden"), ("spec=1", "cannot be overridden"),
        ("spec.limits.concurrency", "is not FIELD=VALUE"), ("spec.limits.timeout=0s", "is no value for"),
    ])
    func `refuses what would loosen, and what is no such field`(text: String, part: String) throws {
        let told = try #require(self.message(text))
        #expect(told.contains(part), "\(told)")
    }

    @Test func `a manifest that became stricter stays so`() throws {
        let override = try agent(["limits": ["concurrency": 3]]).override(reading: "spec.limits.concurrency=2")
        let stricter = agent(["limits": ["concurrency": 1]])
        #expect(stricter.overridden(by: [override]) == stricter)
        let looser = agent(["limits": ["concurrency": 9]]).overridden(by: [override])
        #expect(looser.spec(as: Agent.self)?.limits.concurrency.value == 2)
    }

    @Test func `other kinds have their own fields, or none`() {
        let provider = resource(KindName(rawValue: "Provider"), ["type": "openai"])
        #expect(message("spec.concurrency=2", provider) == nil)
        #expect(message("spec.type=replay", provider)?.contains("only spec.concurrency, spec.timeout") == true)
        let user = resource(KindName(rawValue: "User"), ["role": "viewer"])
        let told = message("spec.role=admin", user)
        #expect(told == "nothing of kind User can be overridden by hand: change the repository")
    }
}
