import Git
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Only root can give a directory away.
@Suite(.enabled(if: geteuid() == 0 && getenv("SUDO_UID") == nil))
struct OwnerTests {
    @Test func `a repository of another user is refused with the user's number (fault B50)`() throws {
        let test = try TestRepository()
        let id = try test.commit(["x": "1"])
        try #require(chown(test.path, 4_242, 4_242) == 0)
        let error = #expect(throws: GitError.self) { try Repository.open(at: test.path) }
        #expect(error?.code == .wrongOwner)
        #expect(error?.message.contains("owned by uid 4242") == true)
        #expect(error?.message.contains("--trust-owner") == true)
        #expect(try Repository.open(at: test.path, trustOwner: true).resolve("HEAD") == id)
    }
}
