import Git
import Values

/// A question to the process that reads a repository: one line of JSON.
enum ReaderRequest: Hashable {
    /// The first one: where the repository is, and the limits that hold from here on.
    case open(location: String, trustsOwner: Bool, limits: ReaderLimits)
    case resolve(String)
    case resolveBranch(String)
    case headBranch
    case isAncestor(ObjectID, of: ObjectID)
    case commit(ObjectID)
    case commitBytes(ObjectID)
    case load(ObjectID, directory: String)
    /// What differs between two commits, as far as a configuration below the directory may depend on it.
    case changes(from: ObjectID, to: ObjectID, directory: String)
    /// Some files of a commit.
    case read(ObjectID, directory: String, paths: [String])

    var json: JSON {
        switch self {
        case .open(let location, let trustsOwner, let limits):
            ["do": "open", "location": .string(location), "trustsOwner": .bool(trustsOwner), "limits": limits.json]
        case .resolve(let revision): ["do": "resolve", "revision": .string(revision)]
        case .resolveBranch(let branch): ["do": "resolveBranch", "branch": .string(branch)]
        case .headBranch: ["do": "headBranch"]
        case .isAncestor(let ancestor, let descendant):
            ["do": "isAncestor", "ancestor": .string(ancestor.text), "of": .string(descendant.text)]
        case .commit(let id): ["do": "commit", "commit": .string(id.text)]
        case .commitBytes(let id): ["do": "commitBytes", "commit": .string(id.text)]
        case .load(let commit, let directory):
            ["do": "load", "commit": .string(commit.text), "directory": .string(directory)]
        case .changes(let old, let new, let directory):
            [
                "do": "changes", "from": .string(old.text), "to": .string(new.text),
                "directory": .string(directory),
            ]
        case .read(let commit, let directory, let paths):
            [
                "do": "read", "commit": .string(commit.text), "directory": .string(directory),
                "paths": .array(paths.map(JSON.string)),
            ]
        }
    }

    init?(_ json: JSON) {
        func id(_ key: String) -> ObjectID? { json[key]?.string.flatMap { ObjectID($0) } }
        switch json["do"]?.string {
        case "open":
            guard let location = json["location"]?.string, let trustsOwner = json["trustsOwner"]?.bool,
                let limits = json["limits"].flatMap({ ReaderLimits($0) })
            else { return nil }
            self = .open(location: location, trustsOwner: trustsOwner, limits: limits)
        case "resolve":
            guard let revision = json["revision"]?.string else { return nil }
            self = .resolve(revision)
        case "resolveBranch":
            guard let branch = json["branch"]?.string else { return nil }
            self = .resolveBranch(branch)
        case "headBranch": self = .headBranch
        case "isAncestor":
            guard let ancestor = id("ancestor"), let descendant = id("of") else { return nil }
            self = .isAncestor(ancestor, of: descendant)
        case "commit":
            guard let commit = id("commit") else { return nil }
            self = .commit(commit)
        case "commitBytes":
            guard let commit = id("commit") else { return nil }
            self = .commitBytes(commit)
        case "load":
            guard let commit = id("commit"), let directory = json["directory"]?.string else { return nil }
            self = .load(commit, directory: directory)
        case "changes":
            guard let old = id("from"), let new = id("to"), let directory = json["directory"]?.string else {
                return nil
            }
            self = .changes(from: old, to: new, directory: directory)
        case "read":
            guard let commit = id("commit"), let directory = json["directory"]?.string,
                let paths = json["paths"]?.array?.map(\.string)
            else { return nil }
            self = .read(commit, directory: directory, paths: paths.compactMap(\.self))
        default: return nil
        }
    }

    /// For messages, until an object of it is being read.
    var what: String {
        switch self {
        case .open: "the repository"
        case .resolve(let revision): "the revision \(escapedForDisplay(revision, limit: 120))"
        case .resolveBranch(let branch): "the branch \(escapedForDisplay(branch, limit: 120))"
        case .headBranch: "HEAD"
        case .isAncestor(_, let commit): "the history of \(commit.shortText)"
        case .commit(let id), .commitBytes(let id), .load(let id, _), .changes(_, let id, _), .read(let id, _, _):
            "the commit \(id.shortText)"
        }
    }
}
