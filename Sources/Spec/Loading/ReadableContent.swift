import Values

/// What a manifest with mistakes says all the same: enough to tell what it may be once it is mended.
package struct ReadableContent: Sendable, Hashable {
    /// A canonical manifest without what cannot be read.
    package let known: JSON
    /// Ways to what the mend may make anything of, none of them into a list.
    package let open: Set<JSONPointer>
    /// Whether the mend may bring fields that are not there.
    package let admitsMore: Bool
    /// Values that are written and cannot be read.
    package let unread: Int

    private static let byteLimit = 32 << 10

    package init(known: JSON, open: Set<JSONPointer> = [], admitsMore: Bool = false, unread: Int = 0) {
        self.known = known
        self.open = open
        self.admitsMore = admitsMore
        self.unread = unread
    }

    /// Nil where there is no spec, or too much to be told.
    init?(_ document: Node, path: String, _ surroundings: any ManifestSurroundings) {
        guard let spec = document["spec"], case .mapping = spec.content else { return nil }
        var salvage = ManifestDocument.salvage(of: document, path: path, surroundings)
        let content = Self(document, salvage)
        let secrets = PlaintextSecrets.ways(in: content.known)
        for way in secrets { salvage.doubt(way) }
        self = secrets.isEmpty ? content : Self(document, salvage)
        guard size <= Self.byteLimit else { return nil }
    }

    init(_ document: Node, _ salvage: Salvage) {
        var search = Search(salvage)
        let members = ["metadata", "spec"].compactMap { part in
            document[part].flatMap { search.known(of: $0, at: [part]) }.map { (part, $0) }
        }
        self.init(
            known: .object(JSONMembers(members)), open: search.open, admitsMore: salvage.admitsMore,
            unread: search.unread)
    }

    /// The resources that it names, as far as that can be read.
    package func references(of kind: KindName) -> [ReferenceUse] { ResourceTraits.references(kind, known["spec"]) }

    /// In bytes.
    var size: Int { json.canonicalBytes.count }

    /// As plain data, for another process.
    var json: JSON {
        [
            known, .array(open.map(\.text).sorted().map(JSON.string)), .bool(admitsMore),
            .number(JSONNumber(unread)),
        ]
    }

    /// Reads what `json` gives.
    init?(_ json: JSON) {
        guard let known = json[0], let open = json[1]?.array, let unread = json[3]?.int else { return nil }
        self.init(
            known: known, open: Set(open.compactMap { $0.string.flatMap { JSONPointer($0) } }),
            admitsMore: json[2] == true, unread: unread)
    }
}

/// Looks for what is written and was not read.
private struct Search {
    let salvage: Salvage
    private(set) var open: Set<JSONPointer>
    private(set) var unread = 0
    /// Ways to mappings of which some field could be read.
    private var read: Set<[String]> = []
    /// Ways to what is in doubt, and to what is around it.
    private var doubted: Set<[String]> = []

    init(_ salvage: Salvage) {
        self.salvage = salvage
        open = Set(salvage.doubtful.map { JSONPointer($0) })
        for way in salvage.members.keys { Self.add(way.dropLast(), to: &read) }
        for way in salvage.doubtful { Self.add(way[...], to: &doubted) }
    }

    private static func add(_ way: ArraySlice<String>, to ways: inout Set<[String]>) {
        var way = way
        while !way.isEmpty, ways.insert(Array(way)).inserted { way.removeLast() }
    }

    mutating func known(of node: Node, at way: [String]) -> JSON? {
        if !doubted.contains(way), let member = salvage.members[way] {
            if case .value(let value) = member { return value }
            return nil
        }
        guard case .mapping(let entries) = node.content, read.contains(way), !salvage.doubtful.contains(way) else {
            open.insert(JSONPointer(way))
            unread += Self.scalars(in: node)
            return nil
        }
        return .object(
            JSONMembers(
                entries.compactMap { entry in known(of: entry.value, at: way + [entry.key]).map { (entry.key, $0) } }))
    }

    private static func scalars(in node: Node) -> Int {
        switch node.content {
        case .scalar: 1
        case .sequence(let items): items.reduce(0) { $0 + scalars(in: $1) }
        case .mapping(let entries): entries.reduce(0) { $0 + scalars(in: $1.value) }
        }
    }
}
