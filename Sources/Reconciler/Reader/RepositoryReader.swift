import Git
import Spec
import Values

/// The repository in the process that reads it.
///
/// What is not found may have been repacked or pruned in that moment: the repository is opened anew and asked once
/// more (fault B56).
final class RepositoryReader {
    private let location: String
    private let trustsOwner: Bool
    private let watch: ReadWatch
    private var opened: Git.Repository?

    init(location: String, trustsOwner: Bool, watch: ReadWatch) {
        self.location = location
        self.trustsOwner = trustsOwner
        self.watch = watch
    }

    /// What does not change while it is open.
    func facts() throws -> JSON {
        try twice { repository in
            var facts: JSONMembers = [
                "commonDirectory": .string(repository.commonDirectory), "isShallow": .bool(repository.isShallow),
            ]
            facts["workingDirectory"] = repository.workingDirectory.map(JSON.string)
            return .object(facts)
        }
    }

    /// Any question but that for a catalog.
    func answer(_ request: ReaderRequest) throws -> JSON {
        switch request {
        case .open, .load, .changes, .read: throw ReaderError.Told(description: "this question has its own answer")
        case .resolve(let revision): try twice { ["commit": .string(try $0.resolve(revision).text)] }
        case .resolveBranch(let branch): try twice { ["commit": .string(try $0.resolveBranch(branch).text)] }
        case .headBranch:
            try twice { repository in
                guard let branch = try repository.headBranch() else { return [:] }
                return ["branch": .string(branch)]
            }
        case .isAncestor(let ancestor, let descendant):
            try twice { ["isAncestor": .bool(try $0.isAncestor(ancestor, of: descendant))] }
        case .commit(let id): try twice { CommitTransfer.json(try $0.commit(id)) }
        case .commitBytes(let id): try twice { ["bytes": .string(Base64.text(try $0.commitBytes(id)))] }
        }
    }

    /// - Parameters:
    ///   - each: takes the sound manifests
    ///   - again: what `each` was given is void, it begins anew
    func load(
        _ commit: ObjectID, _ directory: String, each: @Sendable (SoundManifest) throws -> Void,
        again: () throws -> Void
    ) throws -> LoadedSummary {
        let loader = CatalogLoader(root: directory, zones: SystemZones.database, spread: .threads)
        var isFirst = true
        return try twice { repository in
            if !isFirst { try again() }
            isFirst = false
            return try loader.load(try repository.snapshot(of: commit), each: each)
        }
    }

    /// Below the whole repository, because `{file: …}` reaches all of it, and below the directory itself where that is
    /// hidden.
    func changes(from old: ObjectID, to new: ObjectID, _ directory: String) throws -> [SnapshotChange] {
        try twice { repository in
            var changes = try repository.changes(from: old, to: new)
            if directory.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
                changes += try repository.changes(from: old, to: new, below: directory)
            }
            return changes
        }
    }

    func read(_ commit: ObjectID, _ directory: String, _ paths: [String]) throws -> LoadedFiles {
        let loader = CatalogLoader(root: directory, zones: SystemZones.database)
        return try twice { try loader.read(paths, of: try $0.snapshot(of: commit)) }
    }

    private func twice<Answer>(_ body: (Git.Repository) throws -> Answer) throws -> Answer {
        do {
            return try body(try repository())
        } catch let error as GitError where error.mayPass {
            opened = nil
            return try body(try repository())
        }
    }

    private func repository() throws -> Git.Repository {
        if let opened { return opened }
        let repository = try RepositoryLocation(location).open(trustOwner: trustsOwner)
        repository.observe { [watch] what in watch.object(what) }
        opened = repository
        return repository
    }
}

extension GitError {
    /// Whether a push, a repack or a prune in that moment may be why.
    var mayPass: Bool {
        switch code {
        case .corruptObject, .noSuchRevision, .missingHistory, .io: true
        default: false
        }
    }
}

/// A commit as data.
enum CommitTransfer {
    static func json(_ commit: Commit) -> JSON {
        [
            "id": .string(commit.id.text), "tree": .string(commit.tree.text),
            "parents": .array(commit.parents.map { .string($0.text) }), "author": .string(commit.author.name),
            "email": .string(commit.author.email), "time": .number(JSONNumber(Int(commit.time.milliseconds))),
            "authorTime": .number(JSONNumber(Int(commit.authorTime.milliseconds))),
            "message": .string(commit.message),
        ]
    }

    static func commit(_ json: JSON) -> Commit? {
        guard let id = json["id"]?.string.flatMap({ ObjectID($0) }),
            let tree = json["tree"]?.string.flatMap({ ObjectID($0) }),
            let parents = json["parents"]?.array?.map({ $0.string.flatMap { ObjectID($0) } }),
            let author = json["author"]?.string, let email = json["email"]?.string, let time = json["time"]?.int,
            let authorTime = json["authorTime"]?.int, let message = json["message"]?.string
        else { return nil }
        return Commit(
            id: id, tree: tree, parents: parents.compactMap { $0 }, author: CommitAuthor(name: author, email: email),
            time: Instant(milliseconds: Int64(time)), authorTime: Instant(milliseconds: Int64(authorTime)),
            message: message)
    }
}
