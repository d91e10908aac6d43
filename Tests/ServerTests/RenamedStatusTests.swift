import Server
import Spec
import State
import Testing
import Values

@Suite("How renamed resources are doing") struct RenamedStatusTests {
    @Test func `Runs under a former name say it of what has the new one, and of nothing that takes the former`() throws
    {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        let run = try fixture.finishedRun(end: .failed, error: "no")
        let former = try #require(try fixture.reader.resource(Agent.id("brief")))
        let renamed = try JSON(
            parsing: former.manifest.canonicalText.replacing(#""name":"brief""#, with: #""name":"short""#))
        _ = try fixture.store.apply(
            RevisionApplication(
                commit: ServerFixture.commit, planDigest: Digest(of: "plan".utf8), actor: "ada",
                at: ServerFixture.start,
                changes: [
                    ResourceChange(
                        id: Agent.id("short"),
                        edit: .rename(
                            "brief", from: former.digest, to: ManifestVersion(manifest: renamed, place: former.place)))
                ]))
        try fixture.apply([.agent("brief")])
        let names = try fixture.reader.currentNames()
        #expect(try fixture.reader.run(run)?.targetName(by: names) == "short")
        // Whoever asks for the new name is answered with it, and told the former one.
        let shown = try #require(try fixture.reader.runs(Page(), RunFilter(agent: "short")).items.first)
        #expect(Shapes.run(shown, names)["agent"] == "short")
        #expect(Shapes.run(shown, names)["formerAgent"] == "brief")
        #expect(Shapes.run(shown, names)["formerTrigger"] == nil)
        #expect(try RunDetail(run, from: fixture.reader).map(Shapes.run)?["agent"] == "short")
        let statuses = try fixture.source.statuses()
        let short = statuses.recentStatus(of: try #require(try fixture.reader.resource(Agent.id("short"))))
        #expect(short.lastRun?.id == run)
        #expect(short[.ready]?.reason == "LastRunFailed")
        let brief = statuses.recentStatus(of: try #require(try fixture.reader.resource(Agent.id("brief"))))
        #expect(brief.lastRun == nil)
        #expect(brief.level != .failing)
    }
}
