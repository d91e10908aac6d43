import Server
import Spec
import State
import Testing
import Values

@Suite("Resources whose hosts are left alone")
struct LeftAloneTests {
    private let resources: [JSON] = [
        .manifest("Channel", "news", ["webhook": ["url": "https://down.example/a", "secret": ["env": "SIGNING"]]]),
        .manifest("Channel", "other", ["webhook": ["url": "https://up.example", "secret": ["env": "SIGNING"]]]),
        .manifest(
            "Tool", "find", ["description": "Finds", "http": ["url": "https://down.example:443/find?q={{q}}"]]),
        .manifest("Provider", "models", ["type": "openai", "baseURL": "https://DOWN.example/v1"]),
        .manifest("Provider", "local", ["type": "ollama", "baseURL": "https://down.example/v1"]),
    ]

    @Test func `say so in a condition, and are not ready, until it answers`() throws {
        let fixture = try ServerFixture()
        try fixture.apply(resources)
        let circuit = RecordedCircuit(
            origin: "https://down.example", failures: 5, since: ServerFixture.start, until: ServerFixture.at(30),
            error: "no connection")
        try fixture.store.recordCircuits([circuit])
        let statuses = try fixture.source.statuses()
        for (id, isDown) in [
            (Channel.id("news"), true), (Channel.id("other"), false), (Tool.id("find"), true),
            (ResourceID(kind: .provider, name: "models"), true), (ResourceID(kind: .provider, name: "local"), false),
        ] {
            let resource = try #require(try fixture.reader.resource(id))
            for status in [try statuses.status(of: resource), statuses.recentStatus(of: resource)] {
                #expect((status[.hostLeftAlone] != nil) == isDown, "\(id)")
                guard isDown else { continue }
                #expect(status.level == .failing)
                #expect(status[.ready]?.reason == "HostLeftAlone")
                #expect(status[.hostLeftAlone]?.status == .isTrue)
                #expect(status[.hostLeftAlone]?.since == ServerFixture.start)
                let message = "https://down.example failed 5 times in a row and is tried again at"
                #expect(status[.hostLeftAlone]?.message.hasPrefix(message) == true)
            }
        }
        try fixture.store.recordCircuits([])
        let channel = try #require(try fixture.reader.resource(Channel.id("news")))
        let status = try fixture.source.statuses().status(of: channel)
        #expect(status.level == .ready && status[.hostLeftAlone] == nil)
    }
}
