import Spec
import Values

extension SnapshotChange {
    var json: JSON {
        var object: JSONMembers = ["path": .string(path)]
        object["old"] = old?.json
        object["new"] = new?.json
        return .object(object)
    }

    /// Reads what `json` gives.
    init?(transferred json: JSON) {
        guard let path = json["path"]?.string else { return nil }
        let old = json["old"].map { SnapshotEntry(path: path, transferred: $0) }
        let new = json["new"].map { SnapshotEntry(path: path, transferred: $0) }
        if case .some(nil) = old { return nil }
        if case .some(nil) = new { return nil }
        self.init(path: path, old: old ?? nil, new: new ?? nil)
    }
}

extension SnapshotEntry {
    fileprivate var json: JSON {
        let kind: String =
            switch self.kind {
            case .file: "file"
            case .symbolicLink: "link"
            case .submodule: "submodule"
            case .gitDirectory: "git"
            }
        return .array([.string(kind), .string(blob), .number(JSONNumber(size))])
    }

    fileprivate init?(path: String, transferred json: JSON) {
        let kinds: [String: Kind] = [
            "file": .file, "link": .symbolicLink, "submodule": .submodule, "git": .gitDirectory,
        ]
        guard let kind = json[0]?.string.flatMap({ kinds[$0] }), let blob = json[1]?.string, let size = json[2]?.int
        else { return nil }
        self.init(path: path, kind: kind, blob: blob, size: size)
    }
}
