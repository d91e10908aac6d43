import Synchronization

/// A JSON text that is known to be one, of which values are made where somebody asks for them.
///
/// What comes in is stored as it came, and often nobody looks at more than one of its values.
package final class JSONText: Sendable {
    private enum Source {
        case bytes([UInt8], members: [JSONCheck.Member])
        case value(JSON)
    }

    private let source: Source
    private let known: Mutex<JSON?>

    /// Checks a text as `JSON(parsing:limits:)` would, and refuses the same with the same words.
    package init(checking bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        if let members = JSONCheck.members(of: bytes, limits) {
            source = .bytes(bytes, members: members)
            known = Mutex(nil)
        } else {
            let value = try JSON(parsing: bytes, limits: limits)
            source = .bytes(bytes, members: [])
            known = Mutex(value)
        }
    }

    package init(_ value: JSON) {
        source = .value(value)
        known = Mutex(value)
    }

    /// The text as it came; of a value that came otherwise the one with numbers as they were written.
    package var bytes: [UInt8] {
        switch source {
        case .bytes(let bytes, _): bytes
        case .value(let value): value.writtenBytes
        }
    }

    package var value: JSON {
        known.withLock { known in
            if let known { return known }
            guard case .bytes(let bytes, _) = source, let read = Self.read(bytes[...]) else {
                preconditionFailure("a text that was checked cannot be read: a bug in writ")
            }
            known = read
            return read
        }
    }

    /// The member of an object with exactly this key. The rest of the text is not read for it.
    package subscript(key: String) -> JSON? {
        if let value = known.withLock({ $0 }) { return value[key] }
        guard case .bytes(let bytes, let members) = source else { return value[key] }
        guard let member = members.first(where: { bytes[$0.key].elementsEqual(key.utf8) }) else { return nil }
        return Self.read(bytes[member.value])
    }

    /// The value at a dotted path, as `JSON.value(atPath:)` gives it.
    package func value(atPath path: String) -> JSON? {
        let parts = path.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard !path.isEmpty, case .bytes(_, let members) = source, !members.isEmpty, let first = parts.first else {
            return value.value(atPath: path)
        }
        let member = self[String(first)]
        guard let rest = parts.dropFirst().first else { return member }
        // The empty path would be the value itself, and not its member of that name.
        return rest.isEmpty ? member?.child("") : member?.value(atPath: String(rest))
    }

    /// Part of a text that was checked: its limits are kept already.
    private static func read(_ bytes: ArraySlice<UInt8>) -> JSON? {
        var limits = JSONLimits(depth: .max, bytes: .max, nodes: .max)
        limits.allowsNUL = true
        return try? JSON(parsing: Array(bytes), limits: limits)
    }
}

extension JSONText: Hashable {
    package static func == (left: JSONText, right: JSONText) -> Bool {
        left === right || left.value == right.value
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
