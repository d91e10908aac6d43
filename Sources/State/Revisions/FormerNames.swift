import GRDB
import Spec
import Values

/// One name that a resource had, and while which revisions.
struct NameSpan: Hashable {
    let name: String
    /// The revision that gave it this name; 0 if it always had it.
    let from: Int
    /// The revision that gave it the next one; nil for the name it has.
    let until: Int?
}

extension Database {
    /// Renames of one resource that are followed.
    private static let renamesLimit = 100

    /// The names of a resource, the latest first. A former name stands for the resource that it became, unless another
    /// one has taken it since.
    func names(of id: ResourceID) throws -> [NameSpan] {
        var spans: [NameSpan] = []
        var name = try latestName(of: id)
        var until: Int?
        while spans.count < Self.renamesLimit {
            guard let rename = try lastRename(ResourceID(kind: id.kind, name: name), before: until) else {
                spans.append(NameSpan(name: name, from: 0, until: until))
                break
            }
            guard rename.name == name else {
                // Another resource had the name and took its past along.
                spans.append(NameSpan(name: name, from: rename.revision + 1, until: until))
                break
            }
            spans.append(NameSpan(name: name, from: rename.revision, until: until))
            (name, until) = (rename.former, rename.revision)
        }
        return spans
    }

    private func latestName(of id: ResourceID) throws -> String {
        var name = id.name
        for _ in 0..<Self.renamesLimit {
            let now = ResourceID(kind: id.kind, name: name)
            guard let rename = try lastRename(now, before: nil), rename.former == name else { return name }
            let later: Int? = try value(
                "SELECT 1 FROM revision_change WHERE kind = :kind AND name = :name AND revision > :revision LIMIT 1",
                now.arguments.merging(["revision": rename.revision]) { _, own in own })
            if later != nil { return name }
            name = rename.name
        }
        return name
    }

    private func lastRename(
        _ id: ResourceID, before revision: Int?
    ) throws -> (revision: Int, name: String, former: String)? {
        try row(
            """
            SELECT revision, name, former_name FROM revision_change
            WHERE kind = :kind AND action = 'rename' AND (name = :name OR former_name = :name)
                AND revision < :before
            ORDER BY revision DESC, name = :name DESC LIMIT 1
            """, id.arguments.merging(["before": revision ?? .max]) { _, own in own }
        )
        .map { (try $0.get("revision"), try $0.get("name"), try $0.get("former_name")) }
    }

    /// A condition on rows that hold a name and a revision, which is true for those of the resource under any name.
    func condition(
        _ id: ResourceID, name: String, revision: String = "revision"
    ) throws -> (text: String, arguments: Arguments) {
        var texts: [String] = []
        var arguments: Arguments = [:]
        for (number, span) in try names(of: id).enumerated() {
            let prefix = "\(name)_\(number)"
            var text = "\(name) = :\(prefix)"
            arguments[prefix] = span.name
            if span.from > 0 {
                text += " AND \(revision) >= :\(prefix)_from"
                arguments["\(prefix)_from"] = span.from
            }
            if let until = span.until {
                text += " AND \(revision) < :\(prefix)_until"
                arguments["\(prefix)_until"] = until
            }
            texts.append("(\(text))")
        }
        return (texts.count == 1 ? texts[0] : "(\(texts.joined(separator: " OR ")))", arguments)
    }
}

extension StateReader {
    /// The name that a resource has now, by one that it had; the same where it was never renamed.
    package func currentName(of id: ResourceID) throws(StateError) -> String {
        try read("reading the names of \(id)") { db in try db.names(of: id).first?.name ?? id.name }
    }

    /// The names that a resource had before, the latest first.
    package func formerNames(of id: ResourceID) throws(StateError) -> [String] {
        try read("reading the names of \(id)") { db in try db.names(of: id).dropFirst().map(\.name) }
    }
}
