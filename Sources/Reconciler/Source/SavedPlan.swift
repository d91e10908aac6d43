import Apply
import Spec
import State
import Values

/// A plan in a file: the object of `plan -o json`. Applying it plans its commit again and refuses anything else than
/// what was saved, so that the file needs no trust.
struct SavedPlan {
    let commit: String
    let digest: Digest
    /// Of the manifests; "" for the repository's root.
    let directory: String
    let json: JSON
    /// What it changes, each from and to.
    let contents: [PlannedContent]

    private static let limit = 64 << 20

    init(_ plan: Plan) throws {
        guard let commit = plan.commit else { throw CommandFailure("only the plan of a commit can be saved") }
        self.commit = commit
        self.digest = plan.digest
        self.directory = plan.directory
        self.json = plan.json
        self.contents = (plan.json["changes"]?.array ?? []).compactMap { PlannedContent($0) }
    }

    init(readFrom path: String) throws {
        guard let bytes = SmallFile.read(path, limit: Self.limit) else {
            throw CommandFailure(
                "the plan `\(path)` \(SmallFile.problem(path, limit: Self.limit)): make one with"
                    + " `writ plan --out FILE`")
        }
        do {
            json = try JSON(parsing: bytes, limits: JSONLimits(depth: 128, bytes: Self.limit, nodes: 4_000_000))
        } catch {
            throw CommandFailure("\(path) is not a saved plan: \(error)")
        }
        guard json["formatVersion"]?.string == "1", let commit = json["commit"]?.string,
            let digest = json["digest"]?.string.flatMap({ Digest($0) })
        else {
            throw CommandFailure("\(path) is not a saved plan of this version: make one with `writ plan --out \(path)`")
        }
        let changes = json["changes"]?.array ?? []
        let contents = changes.compactMap { PlannedContent($0) }
        guard contents.count == changes.count, PlannedContent.digest(of: contents) == digest else {
            throw CommandFailure(
                "\(path) was edited, or saved by another version of writ: its changes are not those of its digest;"
                    + " make one with `writ plan --out \(path)`")
        }
        self.commit = commit
        self.digest = digest
        self.directory = json["directory"]?.string ?? ""
        self.contents = contents
    }

    /// The options with its directory, which nobody has to say again.
    func completing(_ options: RepositoryOptions) throws -> RepositoryOptions {
        func shown(_ directory: String) -> String { directory.isEmpty ? "its root" : quoted(directory) }
        guard options.saysDirectory else {
            var options = options
            options.path = directory
            return options
        }
        guard options.directory == directory else {
            throw CommandFailure(
                "the saved plan is of the repository's manifests below \(shown(directory)), and --path (WRIT_PATH) says"
                    + " \(shown(options.directory)): leave that out, or plan again")
        }
        return options
    }

    /// `changes` as they were saved.
    var changes: [JSON] { json["changes"]?.array ?? [] }

    /// Whether what a reader of the file saw is what happens: each resource's fields, from and to.
    func shows(_ plan: Plan) -> Bool {
        func fields(_ changes: [JSON]) -> [JSON] {
            changes.map { ["kind": $0["kind"] ?? "", "name": $0["name"] ?? "", "fields": $0["fields"] ?? []] }
        }
        return fields(changes) == fields(plan.changes.map(\.json))
    }

    /// The same of the settings in `writ.yaml`.
    func showsSettings(of plan: Plan) -> Bool { json["settings"] == plan.settingsChange?.json }

    /// Whether everything that it changes is as it says already. Settings are not looked for: applying tells.
    func isInForce(_ state: StateReader) throws -> Bool {
        try json["settings"] == nil && !contents.isEmpty
            && contents.allSatisfy { try $0.isInForce { try state.resource($0)?.digest } }
    }

    /// The plan as `apply -o json` answers it where it is in force already.
    func unchanged(at revision: Int) -> JSON {
        var object = json.object ?? [:]
        object["applied"] = false
        object["revision"] = .number(JSONNumber(revision))
        return .object(object)
    }

    func write(to path: String) throws {
        try TextFile.write(json.canonicalBytes + [UInt8(ascii: "\n")], to: path, what: "the plan")
    }
}
