import Runtime
import State
import TestSupport
import Testing
import Values

@Suite("Space for a full disk", .timeLimit(.minutes(1)))
struct SpaceWatchTests {
    @Test("the alarm is recorded while the disk is full, and ended when it has space (fault D76)")
    func alarm() async throws {
        let fixture = try RuntimeFixture(RuntimeFixture.manifests())
        let watch = SpaceWatch(store: fixture.store, clock: fixture.clock, logger: fixture.logger)
        try await running(watch) { _ in
            try await waitUntil("the first look") { fixture.clock.deadlines.first == .at("00:00:05") }
            #expect(!fixture.store.isOutOfSpace)
            fixture.clock.set(.at("00:00:05"))
            try await waitUntil("the second look") { fixture.clock.deadlines.first == .at("00:00:10") }
            #expect(try fixture.reader.alarms().isEmpty)
            fixture.store.giveReserve()
            #expect(fixture.store.isOutOfSpace)
            fixture.clock.set(.at("00:00:10"))
            try await waitUntil("the third look") { fixture.clock.deadlines.first == .at("00:00:15") }
            // This disk has space, so that it is over at once.
            let alarm = try #require(try fixture.reader.alarms().first)
            #expect(alarm.name == .diskFull && alarm.since == .at("00:00:10") && alarm.endedAt == .at("00:00:10"))
            #expect(!fixture.store.isOutOfSpace)
        }
    }
}
