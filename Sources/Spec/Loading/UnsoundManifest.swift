import Values

/// A manifest that says whose it is, and has mistakes of its own.
package struct UnsoundManifest: Sendable, Hashable {
    package let id: ResourceID
    /// Of its name.
    package let mark: Mark
    /// The former name that it says, where that is one.
    package let renamedFrom: String?

    package init(id: ResourceID, mark: Mark, renamedFrom: String?) {
        self.id = id
        self.mark = mark
        self.renamedFrom = renamedFrom
    }

    /// As plain data, for another process.
    package var json: JSON {
        let plain: [JSON] = [
            .string(id.kind.rawValue), .string(id.name), .number(JSONNumber(mark.line)),
            .number(JSONNumber(mark.column)),
        ]
        return .array(plain + (renamedFrom.map { [.string($0)] } ?? []))
    }

    /// Reads what `json` gives.
    package init?(_ json: JSON) {
        guard let kind = json[0]?.string, let name = json[1]?.string, let line = json[2]?.int,
            let column = json[3]?.int
        else { return nil }
        self.init(
            id: ResourceID(kind: KindName(rawValue: kind), name: name), mark: Mark(line: line, column: column),
            renamedFrom: json[4]?.string)
    }
}
