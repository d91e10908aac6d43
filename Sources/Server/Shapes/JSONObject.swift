import State
import Values

/// Builds an object of the machine formats: an unknown value is left out, never `null` (DESIGN.md, machine formats).
struct JSONObject {
    private(set) var members: JSONMembers

    init(_ members: JSONMembers = [:]) { self.members = members }

    var json: JSON { .object(members) }

    mutating func set(_ key: String, _ value: JSON?) {
        if let value { members[key] = value }
    }

    mutating func set(_ key: String, _ value: String?) { set(key, value.map(JSON.string)) }

    mutating func set(_ key: String, _ value: Int?) { set(key, value.map { JSON.number(JSONNumber($0)) }) }

    mutating func set(_ key: String, _ value: Instant?) { set(key, value?.rfc3339) }

    mutating func set(_ key: String, _ value: Digest?) { set(key, value?.text) }

    /// What is called otherwise now than it was then, under its name of now and its former one.
    mutating func set(_ key: String, now: String?, then: String?) {
        set(key, now)
        if now != then { set("former" + key.prefix(1).uppercased() + key.dropFirst(), then) }
    }

    mutating func set<Key: RawRepresentable>(_ key: String, counts: [Key: Int]) where Key.RawValue == String {
        let pairs = counts.map { ($0.key.rawValue, JSON.number(JSONNumber($0.value))) }
        set(key, .object(JSONMembers(pairs)))
    }
}

/// The shapes of what `-o json` prints and the API answers: one place for both.
package enum Shapes {
    package static let formatVersion: JSON = "1"

    /// A part of a list.
    package static func page<Item>(_ page: PageOf<Item>, _ shape: (Item) -> JSON) -> JSON {
        list(page.items.map(shape), next: page.next)
    }

    package static func list(_ items: [JSON], next: String? = nil) -> JSON {
        var object = JSONObject(["formatVersion": formatVersion, "items": .array(items)])
        object.set("next", next)
        return object.json
    }

    static func tokens(_ input: Int, _ output: Int) -> JSON {
        var object = JSONObject()
        object.set("input", input)
        object.set("output", output)
        object.set("total", input.addingReportingOverflow(output).partialValue)
        return object.json
    }
}
