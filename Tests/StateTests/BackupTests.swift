import Foundation
import State
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a backup finds under the name of its draft.
@Suite struct BackupTests {
    let fixture: StateFixture
    var file: String { fixture.directory.path("backup.db") }
    var draft: String { file + ".partial" }

    init() throws {
        fixture = try StateFixture()
        _ = try fixture.store.accept(.test("here"))
    }

    private func descriptor(_ mode: mode_t) throws -> CInt {
        let descriptor = open(draft, O_RDWR | O_CREAT | O_CLOEXEC, mode)
        try #require(descriptor >= 0)
        return descriptor
    }

    @Test func `a draft that nobody holds is taken over, and what else it is stays`() throws {
        let left = try descriptor(0o600)
        #expect(write(left, "finished", 8) == 8)
        close(left)
        try fixture.directory.write("backup.db.partial-journal", "of another draft")
        try FileManager.default.linkItem(atPath: draft, toPath: fixture.directory.path("earlier.db"))
        #expect(try fixture.reader.backUp(to: file) > 0)
        let reader = try #require(try StateReader.open(at: file))
        #expect(try reader.events(Page(limit: 10)).items.map(\.dedupeKey) == ["here"])
        #expect(try fixture.directory.read("earlier.db") == "finished")
        #expect(!fixture.directory.exists("backup.db.partial"))
        #expect(!fixture.directory.exists("backup.db.partial-journal"))
    }

    @Test func `a draft that another backup writes is left to it`() throws {
        let held = try descriptor(0o600)
        try #require(flock(held, LOCK_EX | LOCK_NB) == 0)
        let error = #expect(throws: StateError.self) { try fixture.reader.backUp(to: file) }
        #expect(error?.code == .conflict && error?.message.hasPrefix("another backup is being written") == true)
        #expect(fixture.directory.exists("backup.db.partial"))
        #expect(!fixture.directory.exists("backup.db"))
        close(held)
        #expect(try fixture.reader.backUp(to: file) > 0)
    }

    @Test func `what cannot be a draft is not removed`() throws {
        close(try descriptor(0o600))
        // Drafts are their owner's alone.
        #expect(chmod(draft, 0o644) == 0)
        #expect(try code { _ = try fixture.reader.backUp(to: file) } == .conflict)
        #expect(fixture.directory.exists("backup.db.partial"))
        try fixture.directory.remove("backup.db.partial")
        try fixture.directory.makeDirectory("backup.db.partial")
        #expect(try code { _ = try fixture.reader.backUp(to: file) } == .conflict)
        #expect(fixture.directory.exists("backup.db.partial"))
    }
}
