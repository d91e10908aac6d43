import Foundation
import Git
import Values

/// The directory of one remote below the user's caches: a bare repository, and a lock that who fetches holds. It can be
/// thrown away at any time: the next fetch makes it anew.
struct FetchCache {
    let directory: String

    /// Reading slows down with the number of packs.
    private static let mostPacks = 40

    init(directory: String) {
        self.directory = directory
    }

    init(for url: RepositoryURL) {
        let home = Environment["XDG_CACHE_HOME"] ?? Environment["HOME"].map { "\($0)/.cache" } ?? "/var/cache"
        directory = "\(home)/writ/\(url.directoryName)"
    }

    var repository: String { directory + "/repository.git" }
    var lockFile: String { directory + "/lock" }
    private var mark: String { directory + "/damaged" }

    /// What is here cannot be read: the next fetch makes it anew.
    func markDamaged() {
        _ = FileManager.default.createFile(atPath: mark, contents: nil, attributes: [.posixPermissions: 0o600])
    }

    /// Makes the directory, for its owner alone. Throws `io`.
    func prepare() throws(GitError) {
        Paths.makeDirectories(above: lockFile)
        guard Paths.isOurDirectory(directory) else {
            throw GitError(
                .io,
                "the cache \(escapedForDisplay(directory)) cannot be made, or is another user's: set XDG_CACHE_HOME")
        }
    }

    /// The repository, made where it is missing or was no good. Call with the lock held.
    func open() throws(GitError) -> Repository {
        if FileManager.default.fileExists(atPath: mark) {
            removeRepository()
            try? FileManager.default.removeItem(atPath: mark)
        }
        if FileManager.default.fileExists(atPath: repository) {
            sweep()
            if let repository = try? Repository.open(at: repository), repository.hasItsTips() { return repository }
            removeRepository()
        }
        return try Repository.create(at: repository, bare: true)
    }

    /// Call with the lock held.
    func tidy(_ repository: Repository, progress: @escaping () -> Void) throws(GitError) {
        if repository.packCount() > Self.mostPacks { try repository.packTogether(progress: progress) }
    }

    /// First out of the way, so that a half-removed one is never taken for a whole.
    private func removeRepository() {
        let waste = "\(directory)/waste-\(getpid())"
        try? FileManager.default.moveItem(atPath: repository, toPath: waste)
        try? FileManager.default.removeItem(atPath: waste)
    }

    /// What processes left that were killed while they fetched. Nobody else is at work: we hold the lock.
    private func sweep() {
        let manager = FileManager.default
        for name in (try? manager.contentsOfDirectory(atPath: directory)) ?? [] where name.hasPrefix("waste-") {
            try? manager.removeItem(atPath: "\(directory)/\(name)")
        }
        let packs = repository + "/objects/pack"
        for name in (try? manager.contentsOfDirectory(atPath: packs)) ?? [] where name.hasPrefix("pack_git2_") {
            try? manager.removeItem(atPath: "\(packs)/\(name)")
        }
        for name in ["HEAD", "config", "packed-refs"] { try? manager.removeItem(atPath: "\(repository)/\(name).lock") }
        guard let references = manager.enumerator(atPath: repository + "/refs") else { return }
        for case let name as String in references where name.hasSuffix(".lock") {
            try? manager.removeItem(atPath: "\(repository)/refs/\(name)")
        }
    }
}

extension Paths {
    /// A directory of this user that nobody else may write to.
    static func isOurDirectory(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR && facts.st_uid == geteuid()
            && facts.st_mode & 0o022 == 0
    }
}
