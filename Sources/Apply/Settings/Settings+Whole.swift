import Spec
import Values

extension Settings {
    /// Everything that holds by them, also where they say nothing.
    fileprivate var whole: JSON {
        var said = json.object ?? [:]
        let limits = Brakes.Limits(brake)
        said["brake"] = [
            "deletes": .number(JSONNumber(limits.deletes)), "percent": .number(JSONNumber(limits.percent)),
        ]
        return Self.filled(.object(said), Self.shape)
    }

    private static func filled(_ value: JSON, _ shape: Shape) -> JSON {
        switch shape {
        case .object(let object):
            guard var members = value.object else { return value }
            for field in object.fields {
                if let member = members[field.name] ?? field.defaultValue {
                    members[field.name] = filled(member, field.shape)
                }
            }
            return .object(members)
        case .anyOf(let alternatives):
            return alternatives.first { $0.takes(value) }.map { filled(value, $0) } ?? value
        default: return value
        }
    }
}

extension FieldDifference {
    /// Of what `writ.yaml` says.
    static func between(_ before: Settings, _ after: Settings) -> [FieldChange] {
        between(before.whole, after.whole, along: Settings.schema.shape)
    }
}
