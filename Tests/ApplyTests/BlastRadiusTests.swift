import Apply
import Foundation
import Spec
import Testing
import Values

@Suite struct BlastRadiusTests {
    private func radii(_ changes: [String: String?]) throws -> [String: BlastRadius] {
        let impact = try ImpactFixture(ImpactFixture.desk, ImpactFixture.desk(changes)).impact
        return Dictionary(uniqueKeysWithValues: impact.blastRadius.map { ($0.name, $0) })
    }

    @Test func `an edited file reaches agents through prompts and through agents that are tools`() throws {
        let radii = try radii(["style.md": "Be short.\nBe exact.\n"])
        #expect(Set(radii.keys) == ["style.md", "Prompt/style"])
        let radius = try #require(radii["style.md"])
        #expect(radius.agents.names == ["brief", "triage"])
        #expect(radius.schedules.names == ["morning"])
        #expect(radius.webhooks.names == ["on-push"])
    }

    @Test func `an edited tool reaches those who may call it`() throws {
        let radii = try radii(["ask.yaml": manifest("Tool", "ask-brief", "description: Asks more.\nagent: brief")])
        #expect(radii["Tool/ask-brief"]?.agents.names == ["triage"])
        #expect(radii["Tool/ask-brief"]?.schedules.isEmpty == true)
        #expect(radii["Tool/ask-brief"]?.webhooks.names == ["on-push"])
    }

    @Test func `an edited provider reaches every agent that asks it`() throws {
        let radii = try radii([
            "openai.yaml": manifest("Provider", "openai", "type: openai\ntimeout: 30s\napiKey: {env: OPENAI_KEY}")
        ])
        #expect(radii["Provider/openai"]?.agents.names == ["brief", "triage"])
    }

    @Test func `an edited channel reaches the triggers that deliver to it and whose results they are`() throws {
        let radii = try radii([
            "ops.yaml": manifest("Channel", "ops", "webhook: {url: https://ops.example.com/other, secret: {env: OPS}}")
        ])
        #expect(radii["Channel/ops"]?.agents.names == ["brief"])
        #expect(radii["Channel/ops"]?.schedules.names == ["morning"])
        #expect(radii["Channel/ops"]?.webhooks.isEmpty == true)
    }

    @Test func `labels, moves and what nobody uses have no radius`() throws {
        let news = try #require(ImpactFixture.desk["news.yaml"])
        let labelled = news.replacing("{name: news}", with: "{name: news, labels: {team: x}}")
        #expect(try radii(["news.yaml": labelled]).isEmpty)
        #expect(try radii(["news.yaml": nil, "sub/n.yaml": ImpactFixture.desk["news.yaml"]]).isEmpty)
        let lonely = ["p.yaml": manifest("Prompt", "lonely", "template: A")]
        let edited = ["p.yaml": manifest("Prompt", "lonely", "template: B")]
        #expect(try ImpactFixture(lonely, edited).impact.blastRadius.isEmpty)
    }

    @Test func `the edit of a file that several include is shown once`() throws {
        func files(_ text: String) -> [String: String] {
            let provider = ["p.yaml": manifest("Provider", "openai", "type: openai"), "style.md": text]
            return provider.merging(
                ["a", "b", "c"].map {
                    (
                        "\($0).yaml",
                        manifest(
                            "Agent", $0, "model: {provider: openai, name: small}\nsystemPrompt: {file: style.md}")
                    )
                }
            ) { old, _ in old }
        }
        let plan = try ImpactFixture(files("Same.\nOld line.\n"), files("Same.\nNew line.\n")).plan
        let text = PlanText.render(plan, color: false)
        #expect(text.split(separator: "Old line.", omittingEmptySubsequences: false).count == 2)
        #expect(text.contains("~ spec.systemPrompt.text = (the edit of style.md, below)"))
        #expect(text.contains("style.md reaches 3 agents (a, b, c)"))
        #expect(plan.changes.count == 3)

        let short = PlanText.render(try ImpactFixture(files("Old line."), files("New line.")).plan, color: false)
        #expect(short.split(separator: "Old line.", omittingEmptySubsequences: false).count == 2)
        #expect(short.contains("    -Old line.\n") && short.contains("    +New line.\n"))
    }

    @Test func `the edit of a file that is moved, too, is shown once and reaches the same agents`() throws {
        func files(_ path: String, _ text: String, _ names: [String] = ["a", "b", "c"]) -> [String: String] {
            let provider = ["p.yaml": manifest("Provider", "openai", "type: openai"), path: text]
            let agents = names.map {
                (
                    "\($0).yaml",
                    manifest("Agent", $0, "model: {provider: openai, name: small}\nsystemPrompt: {file: \(path)}")
                )
            }
            return provider.merging(agents) { old, _ in old }
        }
        let (old, new) = (files("old.md", "Same.\nOld line.\n"), files("new.md", "Same.\nNew line.\n"))
        let plan = try ImpactFixture(old, new).plan
        let markdown = PlanMarkdown(path: "", command: "writ plan", limit: .comment).render(plan)
        for text in [PlanText.render(plan, color: false), markdown] {
            #expect(text.components(separatedBy: "-Old line.").count == 2)
            #expect(text.contains("old.md -> new.md reaches 3 agents (a, b, c)"))
            #expect(text.contains("(the edit of new.md, below)"))
        }
        let radius = plan.json["impact"]?["blastRadius"]?[0]
        #expect(radius?["file"] == "new.md" && radius?["formerFile"] == "old.md")
        #expect(radius?["agents"]?["count"] == 3)

        // Nothing but another file reaches nobody, and of one agent the text stands with its other fields.
        #expect(try ImpactFixture(old, files("new.md", "Same.\nOld line.\n")).impact.blastRadius.isEmpty)
        let single = try ImpactFixture(files("old.md", "Old.\nLine.\n", ["a"]), files("new.md", "New.\nLine.\n", ["a"]))
        #expect(single.impact.blastRadius.map(\.name) == ["old.md -> new.md"])
        #expect(single.impact.blastRadius.first?.difference.isEmpty == true)
    }

    @Test func `an edit that reaches thousands lists the first and counts all`() throws {
        func files(_ timeout: String) -> [String: String] {
            var files = ["p.yaml": manifest("Provider", "openai", "type: openai\ntimeout: \(timeout)")]
            for number in 0..<60 {
                let spec = "model: {provider: openai, name: small}\nsystemPrompt: Hi"
                files["a\(number).yaml"] = manifest("Agent", "a\(number + 100)", spec)
            }
            return files
        }
        let radius = try #require(try ImpactFixture(files("10s"), files("20s")).impact.blastRadius.first)
        #expect(radius.agents.count == 60)
        #expect(radius.agents.names.count == Listing.limit)
        #expect(radius.agents.names.first == "a100")
    }
}
