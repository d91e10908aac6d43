import Values

/// A manifest that says whose it is, and has mistakes of its own.
package struct UnsoundManifest: Sendable, Hashable {
    package let id: ResourceID
    /// Of its name.
    package let mark: Mark
    /// The former name that it says, where that is one.
    package let renamedFrom: String?
    /// Nil where too little of it can be read, or it is too long, alone or together with others.
    package internal(set) var content: ReadableContent?

    package init(id: ResourceID, mark: Mark, renamedFrom: String?, content: ReadableContent?) {
        self.id = id
        self.mark = mark
        self.renamedFrom = renamedFrom
        self.content = content
    }

    /// As plain data, for another process.
    package var json: JSON {
        let plain: [JSON] = [
            .string(id.kind.rawValue), .string(id.name), .number(JSONNumber(mark.line)),
            .number(JSONNumber(mark.column)),
        ]
        return .array(plain + [renamedFrom.map(JSON.string) ?? .null, content?.json ?? .null])
    }

    /// Reads what `json` gives.
    package init?(_ json: JSON) {
        guard let kind = json[0]?.string, let name = json[1]?.string, let line = json[2]?.int,
            let column = json[3]?.int
        else { return nil }
        self.init(
            id: ResourceID(kind: KindName(rawValue: kind), name: name), mark: Mark(line: line, column: column),
            renamedFrom: json[4]?.string, content: json[5].flatMap { ReadableContent($0) })
    }
}
