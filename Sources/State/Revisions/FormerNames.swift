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
    /// one has taken it since, or one that had it before is deleted and kept. A name can come twice: others had it between.
    ///
    /// - Parameter end: a revision; then it is the resource that had the name last before that one
    func names(of id: ResourceID, before end: Int? = nil) throws -> [NameSpan] {
        var spans: [NameSpan] = []
        var name = try end == nil ? latestName(of: id) : id.name
        var until = end
        while spans.count < Self.renamesLimit {
            let held = ResourceID(kind: id.kind, name: name)
            guard let rename = try lastRename(held, before: until) else {
                spans.append(NameSpan(name: name, from: 0, until: until))
                break
            }
            if rename.name == name {
                spans.append(NameSpan(name: name, from: rename.revision, until: until))
                (name, until) = (rename.former, rename.revision)
            } else {
                // Another resource had the name and took its past along.
                let begin = try firstChange(of: held, since: rename.revision) ?? rename.revision + 1
                spans.append(NameSpan(name: name, from: begin, until: until))
                guard let earlier = try beginning(ofTenureOf: held, endedBy: rename.revision) else { break }
                until = earlier
            }
        }
        return spans
    }

    /// The revision in which somebody got a name by a rename who gave it up in `departure`; nil where that one always had
    /// it. Those who gave it up in the very revision in which the next one got it are passed over.
    private func beginning(ofTenureOf id: ResourceID, endedBy departure: Int) throws -> Int? {
        var departure = departure
        for _ in 0..<Self.renamesLimit {
            guard let rename = try lastRename(id, before: departure), rename.name == id.name else { return nil }
            let isHandedOn: Int? = try value(
                """
                SELECT 1 FROM revision_change
                WHERE kind = :kind AND action = 'rename' AND former_name = :name AND revision = :revision
                """, id.arguments.merging(["revision": rename.revision]) { _, own in own })
            if isHandedOn == nil { return rename.revision }
            departure = rename.revision
        }
        return nil
    }

    private func firstChange(of id: ResourceID, since revision: Int) throws -> Int? {
        try value(
            "SELECT min(revision) FROM revision_change WHERE kind = :kind AND name = :name AND revision >= :revision",
            id.arguments.merging(["revision": revision]) { _, own in own })
    }

    private func latestName(of id: ResourceID) throws -> String {
        var name = id.name
        for _ in 0..<Self.renamesLimit {
            let now = ResourceID(kind: id.kind, name: name)
            guard let rename = try lastRename(now, before: nil), rename.former == name else { return name }
            let isTaken: Int? = try value(
                """
                SELECT 1 FROM revision_change WHERE kind = :kind AND name = :name AND revision >= :revision
                UNION ALL SELECT 1 FROM tombstone WHERE kind = :kind AND name = :name
                LIMIT 1
                """,
                now.arguments.merging(["revision": rename.revision]) { _, own in own })
            if isTaken != nil { return name }
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
    ///
    /// - Parameter also: what holds for these rows besides, said with each name, so that SQLite sees which indexes it may use
    func condition(
        _ id: ResourceID, name: String, revision: String = "revision", and also: String = ""
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
            if !also.isEmpty { text += " AND \(also)" }
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
        try read("reading the names of \(id)") { db in
            let names = try db.names(of: id).map(\.name)
            var seen = Set(names.prefix(1))
            return names.filter { seen.insert($0).inserted }
        }
    }
}
