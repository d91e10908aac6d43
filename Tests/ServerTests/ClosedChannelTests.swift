import Server
import Spec
import State
import TestSupport
import Testing
import Values

@Suite("Channels whose receivers want no more")
struct ClosedChannelTests {
    private func channel(_ url: String) -> JSON {
        .manifest("Channel", "news", ["webhook": ["url": .string(url), "secret": ["env": "SIGNING"]]])
    }

    private func ready(_ fixture: ServerFixture) throws -> ResourceStatus {
        let resource = try #require(try fixture.reader.resource(Channel.id("news")))
        return try fixture.source.statuses().status(of: resource)
    }

    @Test func `a closed channel is not ready, since when its receiver said so and until it is changed`() throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        try fixture.apply([channel("https://example.com/old")])
        #expect(try ready(fixture)[.ready]?.status == .isTrue)
        try fixture.finishedRun(deliver: "news")
        let taken = try fixture.store.claimDeliveries(
            now: ServerFixture.at(90), owner: "one", leaseFor: .seconds(60), limit: 1,
            concurrency: { _ in 1 })
        let digest = Digest(of: channel("https://example.com/old"))
        try fixture.store.closeChannel(
            by: try #require(taken.first).lease, digest: digest, error: "410", status: 410, at: ServerFixture.at(30))
        let condition = try #require(try ready(fixture)[.ready])
        #expect(condition.status == .isFalse)
        #expect(condition.reason == "ReceiverGone")
        #expect(condition.since == ServerFixture.at(30))
        #expect(try ready(fixture).level == .failing)
        #expect(try fixture.reader.deliveries().items.map(\.state) == [.failed])
        let update = ManifestVersion(
            manifest: channel("https://example.com/new"), place: Place(path: "all/news.yaml", mark: .start))
        _ = try fixture.store.apply(
            RevisionApplication(
                commit: ServerFixture.commit, planDigest: Digest(of: "plan".utf8), actor: "ada",
                at: ServerFixture.at(40),
                changes: [ResourceChange(id: Channel.id("news"), edit: .update(from: digest, to: update))]))
        #expect(try ready(fixture)[.ready]?.status == .isTrue)
        #expect(try ready(fixture)[.ready]?.since == ServerFixture.at(40))
    }
}
