import Git
import Synchronization
import Values

/// A git repository of its own for one test. Its clock starts at 2026-01-01T00:00:00Z and moves one minute a commit,
/// so that the same commits have the same ids in every run.
package final class TestRepository: Sendable {
    package static let author = CommitAuthor(name: "Ada Example", email: "ada@example.com")

    package let directory: TemporaryDirectory
    package let repository: Repository
    private let commits = Mutex<Int64>(0)

    package init(bare: Bool = false, branch: String = "main") throws {
        directory = try TemporaryDirectory()
        repository = try Repository.create(at: directory.path, bare: bare, initialBranch: branch)
    }

    /// Where it is: the working tree, or the bare repository itself.
    package var path: String { directory.path }

    /// Commits files (`nil` removes one) on top of a branch, HEAD's by default; a branch that does not exist begins
    /// with this commit. The files of HEAD's branch are written to the working tree too.
    @discardableResult
    package func commit(
        _ files: [String: String?], _ message: String = "Change", branch: String? = nil
    ) throws -> ObjectID {
        let id = try repository.commit(
            files: files.mapValues { $0.map { Array($0.utf8) } }, message: message, author: Self.author, time: tick(),
            branch: branch)
        let head = try repository.headBranch()
        guard !repository.isBare, branch == nil || branch == head else { return id }
        for (path, text) in files {
            if let text { try directory.write(path, text) } else { try directory.remove(path) }
        }
        try repository.resetIndex(to: id)
        return id
    }

    /// Makes or moves a branch.
    package func branch(_ name: String, at id: ObjectID) throws {
        try writeReference("refs/heads/" + name, id.text)
    }

    /// Writes a reference file as it is: an id, or `ref: refs/heads/…`. `HEAD` is one too.
    package func writeReference(_ name: String, _ text: String) throws {
        try directory.write(inGitDirectory(name), text + "\n")
    }

    /// A path below the git directory, relative to `directory`.
    package func inGitDirectory(_ path: String) -> String { repository.isBare ? path : ".git/" + path }

    /// The next time of the clock.
    package func tick() -> Instant {
        let number = commits.withLock { count in
            count += 1
            return count
        }
        return Instant(seconds: 1_767_225_600 + 60 * (number - 1))
    }
}
