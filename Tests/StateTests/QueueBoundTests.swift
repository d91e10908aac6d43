import State
import Testing
import Values

@Suite struct QueueBoundTests {
    let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.createAgents("brief", "triage")
    }

    private func arrival(
        _ key: String? = nil, agents: [String] = ["brief"], total: Int = 3, brief: Int = 100
    ) -> Arrival {
        Arrival(
            .test(key),
            runs: agents.enumerated().map { fixture.run("on-\($0.element)-\($0.offset)", agent: $0.element) },
            bound: QueueBound(total: total, targets: [.agent("brief"): brief]))
    }

    private func codes(_ arrivals: [Arrival]) throws -> [StateError.Code?] {
        try fixture.store.accept(arrivals).map { result in
            if case .failure(let error) = result { error.code } else { nil }
        }
    }

    @Test func `what would wait beyond the bound is refused and leaves nothing, also within one transaction`() throws {
        #expect(
            try codes([arrival(), arrival(agents: ["brief", "triage"]), arrival()]) == [nil, nil, .queueFull(nil)])
        #expect(try fixture.reader.events().items.count == 2)
        #expect(try fixture.reader.runs().items.count == 3)
        #expect(try codes([arrival()]) == [.queueFull(nil)])
        _ = try fixture.claim(limit: 1)
        #expect(try codes([arrival(), arrival()]) == [nil, .queueFull(nil)])
    }

    @Test func `an event is taken whole or not at all`() throws {
        #expect(
            try codes([arrival(), arrival(), arrival(agents: ["brief", "triage"])]) == [nil, nil, .queueFull(nil)])
        #expect(try codes([arrival(agents: ["triage"])]) == [nil])
    }

    @Test func `an agent has a bound of its own`() throws {
        #expect(
            try codes([
                arrival(total: 100, brief: 2), arrival(total: 100, brief: 2), arrival(total: 100, brief: 2),
                arrival(agents: ["triage"], total: 100, brief: 2),
                arrival(agents: ["triage", "brief"], total: 100, brief: 2),
            ]) == [nil, nil, .queueFull(.agent("brief")), nil, .queueFull(.agent("brief"))])
        #expect(try fixture.reader.runs().items.count == 3)
    }

    @Test func `a tool has a bound of its own, too, which is not an agent's of the same name`() throws {
        func arrival(_ target: RunTarget) -> Arrival {
            let run = NewRun(trigger: "on", target: target, revision: 1, notBefore: StateFixture.start)
            return Arrival(.test(), runs: [run], bound: QueueBound(total: 100, targets: [.tool("brief"): 2]))
        }
        #expect(
            try codes([
                arrival(.tool("brief")), arrival(.tool("brief")), arrival(.tool("brief")), arrival(.agent("brief")),
                arrival(.tool("other")),
            ]) == [nil, nil, .queueFull(.tool("brief")), nil, nil])
    }

    @Test func `what starts nothing, is asked for by hand or is there already has room`() throws {
        #expect(try codes([arrival("one", total: 1), arrival(total: 1)]) == [nil, .queueFull(nil)])
        #expect(try codes([arrival(agents: [], total: 1), Arrival(.test(), runs: [fixture.run()])]) == [nil, nil])
        var skipped = fixture.run("other")
        skipped.skipReason = "suspended"
        #expect(try codes([Arrival(.test(), runs: [skipped], bound: QueueBound(total: 1))]) == [nil])
        let again = try fixture.store.accept([arrival("one", total: 1)])
        guard case .success(.duplicate) = again.first else { throw Missing() }
    }

    @Test func `what would start more than ever may wait has all of the queue once that is empty`() throws {
        func large() -> Arrival { arrival(agents: ["brief", "triage", "brief"], total: 2, brief: 1) }
        #expect(try codes([large()]) == [nil])
        #expect(try codes([large()]) == [.queueFull(nil)])
        _ = try fixture.claim(limit: 2)
        #expect(try codes([large()]) == [.queueFull(nil)], "one still waits")
        _ = try fixture.claim(limit: 1)
        #expect(try codes([large(), large()]) == [nil, .queueFull(nil)])
        #expect(try fixture.reader.queueCounts().runs[.queued] == 3)
    }

    @Test func `an agent's own queue is enough to be empty for what is larger than its bound`() throws {
        #expect(try codes([arrival(agents: ["triage"], total: 100, brief: 1)]) == [nil])
        #expect(try codes([arrival(agents: ["brief", "brief"], total: 100, brief: 1)]) == [nil])
        #expect(
            try codes([arrival(agents: ["brief", "brief"], total: 100, brief: 1)]) == [.queueFull(.agent("brief"))])
    }

    @Test func `a batch has the room of one request`() throws {
        let batch = (1...4).map { _ in arrival(total: 100, brief: 2) }
        func isStored() throws -> Bool {
            try fixture.store.accept(batch: batch).allSatisfy {
                if case .success(.accepted) = $0 { true } else { false }
            }
        }
        #expect(try isStored())
        #expect(try !isStored())
        _ = try fixture.claim(limit: 4)
        #expect(try isStored())
        #expect(try fixture.reader.events().items.count == 8)
    }
}
