import Spec
import State
import Values

extension Plan {
    /// The object of `plan -o json` (docs/formats.md).
    package var json: JSON {
        var object: JSONMembers = [
            "formatVersion": "1",
            "basis": basis.json,
            "asOf": .string(asOf.rfc3339),
            "summary": summaryJSON,
            "changes": .array(changes.map(\.json)),
            "warnings": .array(allWarnings.map(\.json)),
            "diagnostics": .array(allErrors.map(\.json)),
            "digest": .string(digest.text),
        ]
        if !directory.isEmpty { object["directory"] = .string(directory) }
        object["settings"] = settingsChange?.json
        object["hindrance"] = hindrance.map(JSON.string)
        if !moves.isEmpty { object["moves"] = .array(moves.map(\.json)) }
        object["commit"] = commit.map(JSON.string)
        object["impact"] = impact?.json
        object["brake"] = brake?.json
        object["undoes"] = undoes?.json
        object["redoes"] = redone?.json
        if !drift.isEmpty { object["drift"] = .array(drift.map(\.json)) }
        if !overrides.isEmpty { object["overrides"] = .array(overrides.map(\.json)) }
        if !kept.isEmpty { object["kept"] = .array(kept.map(Self.keptJSON)) }
        if !stale.isEmpty { object["stale"] = .array(stale.map(\.json)) }
        if !forecasts.isEmpty {
            object["forecasts"] = .array(
                forecasts.map { forecast in
                    [
                        "trigger": .string(forecast.trigger), "timeZone": .string(forecast.timeZone),
                        "times": .array(forecast.times.map(JSON.string)),
                    ]
                })
        }
        return .object(object)
    }

    /// How many of each action.
    var summaryJSON: JSON {
        [
            "create": number(count(.create)), "update": number(count(.update)), "delete": number(count(.delete)),
            "rename": number(count(.rename)), "move": number(moves.count), "replace": number(count(.replace)),
            "unchanged": number(unchanged),
        ]
    }

    /// The same object for a commit that cannot be planned.
    package static func rejected(
        commit: String?, basis: Basis, asOf: Instant, diagnostics: [Diagnostic]
    ) -> JSON {
        var object: JSONMembers = [
            "formatVersion": "1", "basis": basis.json, "asOf": .string(asOf.rfc3339), "changes": [],
            "warnings": .array(diagnostics.filter { $0.severity == .warning }.map(\.json)),
            "diagnostics": .array(diagnostics.filter { $0.severity == .error }.map(\.json)),
        ]
        object["commit"] = commit.map(JSON.string)
        return .object(object)
    }

    private func number(_ value: Int) -> JSON { .number(JSONNumber(value)) }
}

extension Plan.Basis {
    package var json: JSON {
        var object: JSONMembers = ["revision": .number(JSONNumber(revision))]
        object["commit"] = commit.map(JSON.string)
        return .object(object)
    }
}

extension PlannedChange {
    package var json: JSON {
        var object: JSONMembers = [
            "action": .string(action.rawValue), "kind": .string(id.kind.rawValue), "name": .string(id.name),
            "reason": .string(reason), "fields": .array(fields.map(\.json)),
        ]
        object["renamedFrom"] = formerID.map { .string($0.name) }
        object["beforeDigest"] = (before?.digest.text).map(JSON.string)
        object["afterDigest"] = (after?.digest.text).map(JSON.string)
        if let place {
            object["path"] = .string(place.path)
            object["line"] = .number(JSONNumber(place.mark.line))
        }
        return .object(object)
    }
}

extension FieldChange {
    package var json: JSON {
        var object: JSONMembers = ["path": .string(pointer.text)]
        if label != pointer.tokens.joined(separator: ".") { object["label"] = .string(label) }
        if isSensitive {
            object["sensitive"] = true
        } else {
            object["before"] = before
            object["after"] = after
        }
        return .object(object)
    }

    /// The canonical text of a list of them, written at once: a first revision records hundreds of thousands.
    package static func text(of fields: [FieldChange]) -> String {
        var bytes: [UInt8] = []
        for field in fields {
            bytes.append(contentsOf: (bytes.isEmpty ? "[{" : ",{").utf8)
            for (key, value) in [("after", field.after), ("before", field.before)] {
                guard let value, !field.isSensitive else { continue }
                bytes.append(contentsOf: "\"\(key)\":".utf8)
                value.appendCanonical(to: &bytes)
                bytes.append(UInt8(ascii: ","))
            }
            if field.label != field.pointer.tokens.joined(separator: ".") {
                bytes.append(contentsOf: "\"label\":".utf8)
                bytes.append(quoted: field.label)
                bytes.append(UInt8(ascii: ","))
            }
            bytes.append(contentsOf: "\"path\":".utf8)
            bytes.append(quoted: field.pointer.text)
            bytes.append(contentsOf: (field.isSensitive ? ",\"sensitive\":true}" : "}").utf8)
        }
        bytes.append(contentsOf: (bytes.isEmpty ? "[]" : "]").utf8)
        return String(decoding: bytes, as: UTF8.self)
    }
}
