import Spec
import Values

/// Of a resource, what is not in its canonical manifest: where it stands, and where each of its values does, and the
/// former name that it says.
struct ResourceHead {
    let place: Place
    let places: [JSONPointer: Mark]
    let renamedFrom: String?

    init(_ resource: Resource) {
        place = resource.place
        places = resource.places
        renamedFrom = resource.renamedFrom
    }

    var json: JSON {
        var object: [String: JSON] = [
            "at": .array([.string(place.path), number(place.mark.line), number(place.mark.column)]),
            "places": .array(flattened),
        ]
        object["renamedFrom"] = renamedFrom.map(JSON.string)
        return .object(object)
    }

    init?(_ json: JSON) {
        guard let path = json["at"]?[0]?.string, let line = json["at"]?[1]?.int, let column = json["at"]?[2]?.int,
            let places = json["places"]?.array.flatMap(Self.unflatten)
        else { return nil }
        place = Place(path: path, mark: Mark(line: line, column: column))
        self.places = places
        renamedFrom = json["renamedFrom"]?.string
    }

    /// Each place as depth, last token, line and column, outer ones first: the tokens before stand in the places
    /// before. A place that is not known itself has line 0.
    private var flattened: [JSON] {
        var result: [JSON] = []
        result.reserveCapacity(places.count * 4)
        var path: [String] = []
        let sorted = places.sorted { $0.key.tokens.lexicographicallyPrecedes($1.key.tokens) }
        for (pointer, mark) in sorted {
            let tokens = pointer.tokens
            guard let last = tokens.last else { continue }
            var shared = zip(path, tokens).prefix { $0 == $1 }.count
            while shared < tokens.count - 1 {
                result += [number(shared), .string(tokens[shared]), 0, 0]
                shared += 1
            }
            result += [number(shared), .string(last), number(mark.line), number(mark.column)]
            path = tokens
        }
        return result
    }

    private static func unflatten(_ list: [JSON]) -> [JSONPointer: Mark]? {
        guard list.count.isMultiple(of: 4) else { return nil }
        var result: [JSONPointer: Mark] = [:]
        result.reserveCapacity(list.count / 4)
        var path: [String] = []
        for start in stride(from: 0, to: list.count, by: 4) {
            guard let depth = list[start].int, let token = list[start + 1].string, let line = list[start + 2].int,
                let column = list[start + 3].int, (0...path.count).contains(depth)
            else { return nil }
            path.removeSubrange(depth...)
            path.append(token)
            if line > 0 { result[JSONPointer(path)] = Mark(line: line, column: column) }
        }
        return result
    }

    private func number(_ value: Int) -> JSON { .number(JSONNumber(value)) }
}
