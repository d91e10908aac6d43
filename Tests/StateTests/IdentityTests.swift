import Spec
import State
import Testing

@Suite("Who is who") struct IdentityTests {
    let fixture: StateFixture

    init() throws { fixture = try StateFixture() }

    private func identities(_ revision: Int) throws -> [String: String] {
        try fixture.reader.identities(of: .provider, at: revision)
    }

    private func provider(_ name: String) -> ResourceID { ResourceID(kind: .provider, name: name) }

    @Test func `a resource is the same under all of its names`() throws {
        try fixture.create(provider("a"), provider("b"))
        try fixture.rename(.provider, "a", "c")
        try fixture.rename(.provider, "c", "d")
        let (first, last) = (try identities(1), try identities(3))
        #expect(first["a"] == last["d"] && first["b"] == last["b"])
        #expect(first["a"] != first["b"])
        #expect(Set(last.keys) == ["b", "d"])
    }

    @Test func `who takes a name is another one than who had it`() throws {
        try fixture.create(provider("a"))
        try fixture.rename(.provider, "a", "b")
        try fixture.create(provider("a"))
        #expect(try identities(3)["b"] == identities(1)["a"])
        #expect(try identities(3)["a"] != identities(1)["a"])
    }

    @Test func `names that change places take along who has them`() throws {
        try fixture.create(provider("a"), provider("b"))
        try fixture.rename(.provider, [("a", "b"), ("b", "a")])
        let (before, after) = (try identities(1), try identities(2))
        #expect(before["a"] == after["b"] && before["b"] == after["a"])
    }
}
