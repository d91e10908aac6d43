import Foundation
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

    @Test("what a restart on a full disk finds is ended when there is space, without another restart (fault D76)")
    func restart() async throws {
        let fixture = try RuntimeFixture(RuntimeFixture.manifests())
        try fixture.store.raise(.diskFull, "full", at: fixture.clock.now())
        // What cannot be made here is the same to the watch as what has no room.
        let reserve = fixture.reader.path + ".reserve"
        try FileManager.default.createDirectory(atPath: reserve, withIntermediateDirectories: false)
        let watch = SpaceWatch(store: fixture.store, clock: fixture.clock, logger: fixture.logger)
        try await running(watch) { _ in
            try await waitUntil("the first look") { fixture.clock.deadlines.first == .at("00:00:05") }
            fixture.clock.set(.at("00:00:05"))
            try await waitUntil("the second look") { fixture.clock.deadlines.first == .at("00:00:10") }
            #expect(try fixture.reader.alarms().map(\.endedAt) == [nil])
            try FileManager.default.removeItem(atPath: reserve)
            fixture.clock.set(.at("00:00:10"))
            try await waitUntil("the third look") { fixture.clock.deadlines.first == .at("00:00:15") }
            #expect(try fixture.reader.alarms().map(\.endedAt) == [.at("00:00:10")])
        }
    }
}
