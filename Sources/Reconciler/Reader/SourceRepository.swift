import Git
import Spec
import Values

/// A git repository that another process reads, under limits on memory, processor, time and the length of its answers
/// (DESIGN.md rule 11): a hostile or damaged repository ends that process, never this one.
///
/// It has the words of `Git.Repository` and throws the same errors, and `ReaderError`. The process is started by the
/// first question. For one thread at a time.
final class SourceRepository {
    /// What does not change while it is open.
    struct Facts {
        /// `nil` for a bare repository.
        let workingDirectory: String?
        let commonDirectory: String
        let isShallow: Bool
    }

    private let location: String
    private let trustsOwner: Bool
    private let limits: ReaderLimits
    private var started: (connection: ReaderConnection, facts: Facts)?

    init(_ location: String, trustsOwner: Bool, limits: ReaderLimits) {
        self.location = location
        self.trustsOwner = trustsOwner
        self.limits = limits
    }

    var facts: Facts { get throws { try start().facts } }

    private var connection: ReaderConnection { get throws { try start().connection } }

    private func start() throws -> (connection: ReaderConnection, facts: Facts) {
        if let started { return started }
        let connection = try ReaderConnection(limits)
        let answer = try connection.ask(.open(location: location, trustsOwner: trustsOwner, limits: limits))
        guard let common = answer["commonDirectory"]?.string, let isShallow = answer["isShallow"]?.bool else {
            throw connection.nonsense()
        }
        let facts = Facts(
            workingDirectory: answer["workingDirectory"]?.string, commonDirectory: common, isShallow: isShallow)
        started = (connection, facts)
        return (connection, facts)
    }

    /// The commit that a revision names.
    func resolve(_ revision: String) throws -> ObjectID {
        try commit(in: try connection.ask(.resolve(revision)))
    }

    /// The commit at the tip of a branch.
    func resolveBranch(_ name: String) throws -> ObjectID {
        try commit(in: try connection.ask(.resolveBranch(name)))
    }

    /// The branch that HEAD is on; `nil` when it is detached.
    func headBranch() throws -> String? { try connection.ask(.headBranch)["branch"]?.string }

    /// Whether `ancestor` is `descendant` or can be reached from it through parents.
    func isAncestor(_ ancestor: ObjectID, of descendant: ObjectID) throws -> Bool {
        guard let answer = try connection.ask(.isAncestor(ancestor, of: descendant))["isAncestor"]?.bool else {
            throw try connection.nonsense()
        }
        return answer
    }

    func commit(_ id: ObjectID) throws -> Commit {
        guard let commit = CommitTransfer.commit(try connection.ask(.commit(id))) else {
            throw try connection.nonsense()
        }
        return commit
    }

    /// The object of a commit as it is stored.
    func commitBytes(_ id: ObjectID) throws -> [UInt8] {
        guard let bytes = try connection.ask(.commitBytes(id))["bytes"]?.string.flatMap({ Base64.bytes($0) }) else {
            throw try connection.nonsense()
        }
        return bytes
    }

    /// What the manifests below a directory of a commit say.
    func load(_ commit: ObjectID, below directory: String) throws -> LoadedCatalog {
        var parts = Parts()
        let result = try connection.ask(.load(commit, directory: directory)) { try parts.add($0, connection) }
        let reading = ManifestReading(path: Settings.fileName, source: .recorded)
        guard let settings = result["settings"].flatMap({ Settings.read(Node(json: $0), reading) }) else {
            throw try connection.nonsense()
        }
        let (resources, files) = try parts.decoded(connection)
        let diagnostics = Set(parts.diagnostics + files.flatMap(\.diagnostics)).sorted()
        let places = result["settingsPlaces"]?.string.map { Places(text: Array($0.utf8)) }
        return LoadedCatalog(
            catalog: Catalog(resources), files: files, diagnostics: diagnostics, settings: settings,
            settingsPlaces: places ?? .none)
    }

    /// Some files of a commit.
    func read(_ paths: [String], of commit: ObjectID, below directory: String) throws -> LoadedFiles {
        var parts = Parts()
        let result = try connection.ask(.read(commit, directory: directory, paths: paths)) {
            try parts.add($0, connection)
        }
        guard let isSound = result["isSound"]?.bool else { throw try connection.nonsense() }
        let (resources, files) = try parts.decoded(connection)
        return LoadedFiles(files: files, resources: resources, isSound: isSound)
    }

    /// What differs between two commits; `nil` where that is too much to be worth telling.
    func changes(from old: ObjectID, to new: ObjectID, below directory: String) throws -> [SnapshotChange]? {
        var parts = Parts()
        let result = try connection.ask(.changes(from: old, to: new, directory: directory)) {
            try parts.add($0, connection)
        }
        guard let areKnown = result["areKnown"]?.bool else { throw try connection.nonsense() }
        return areKnown ? parts.changes : nil
    }

    /// What an answer is put together from.
    private struct Parts {
        private var decoder = PartDecoder()
        var changes: [SnapshotChange] = []
        var diagnostics: [Diagnostic] = []

        mutating func add(_ part: ReaderConnection.Part, _ connection: ReaderConnection) throws {
            switch part {
            case .raw(let part): guard decoder.add(part) else { throw connection.nonsense() }
            case .again:
                decoder.cancel()
                self = Parts()
            case .change(let change): changes.append(change)
            case .diagnostic(let diagnostic): diagnostics.append(diagnostic)
            }
        }

        func decoded(_ connection: ReaderConnection) throws -> (resources: [Resource], files: [SourceFile]) {
            guard let parts = decoder.finish() else { throw connection.nonsense() }
            return parts
        }
    }

    private func commit(in answer: JSON) throws -> ObjectID {
        guard let id = answer["commit"]?.string.flatMap({ ObjectID($0) }) else { throw try connection.nonsense() }
        return id
    }
}
