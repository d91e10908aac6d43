import Apply
import Foundation
import Spec
import TestSupport
import Testing
import Values

/// The impact of going from some files to others.
struct ImpactFixture {
    static let zones = ZoneDatabase { name in
        FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)").map { Array($0) }
    }

    let plan: Plan
    let impact: Impact
    let declared: Catalog
    let applied: Catalog

    init(
        _ before: [String: String], _ after: [String: String], at instant: String = "2026-01-01T00:00:00Z",
        recorded: RecordedFacts = RecordedFacts()
    ) throws {
        applied = try Self.catalog(before)
        declared = try Self.catalog(after)
        var plan = Planner(zones: Self.zones).plan(
            declared, commit: String(repeating: "a", count: 40), applied: applied,
            basis: Plan.Basis(revision: 3, commit: String(repeating: "b", count: 40)),
            asOf: try #require(Instant(rfc3339: instant)))
        impact = Impact(
            of: plan, declared: declared, applied: applied, zones: Self.zones, recorded: recorded)
        plan.impact = impact
        self.plan = plan
    }

    private static func catalog(_ files: [String: String]) throws -> Catalog {
        if files.isEmpty { return Catalog([]) }
        let loaded = try CatalogLoader(zones: zones).load(MemorySnapshot(files))
        try #require(loaded.isValid, "\(loaded.diagnostics.map(\.text).joined(separator: "\n"))")
        return loaded.catalog
    }

    /// Two agents that share a provider and a style, the tools and the channel of one, and what starts them.
    static let desk: [String: String] = [
        "openai.yaml": manifest("Provider", "openai", "type: openai\napiKey: {env: OPENAI_KEY}"),
        "style.yaml": manifest("Prompt", "style", "template: {file: style.md}"),
        "style.md": "Be short.\nBe kind.\n",
        "brief.yaml": manifest(
            "Agent", "brief", "model: {provider: openai, name: small}\nprompt: style\ntools: [news]"),
        "triage.yaml": manifest(
            "Agent", "triage", "model: {provider: openai, name: small}\nsystemPrompt: Sort.\ntools: [ask-brief]"),
        "news.yaml": manifest("Tool", "news", "description: News.\nhttp: {url: 'https://news.example.com/v1'}"),
        "ask.yaml": manifest("Tool", "ask-brief", "description: Asks.\nagent: brief"),
        "ops.yaml": manifest("Channel", "ops", "webhook: {url: https://ops.example.com/in, secret: {env: OPS}}"),
        "morning.yaml": manifest(
            "Trigger", "morning", "agent: brief\nschedule: {cron: '0 9 * * *'}\ndeliver: [ops]"),
        "on-push.yaml": manifest(
            "Trigger", "on-push", "agent: triage\nwebhook: {source: github, events: [push], secret: {env: HOOK}}"),
    ]

    static func desk(_ changes: [String: String?]) -> [String: String] {
        var files = desk
        for (path, text) in changes { files[path] = text }
        return files
    }
}
