import Spec
import Values

/// Of a resource, what is neither in its canonical manifest nor in the list of its places: where it stands, and the
/// former name that it says.
struct ResourceHead {
    let place: Place
    let renamedFrom: String?

    init(_ resource: Resource) {
        place = resource.place
        renamedFrom = resource.renamedFrom
    }

    var json: JSON {
        let at: [JSON] = [
            .string(place.path), .number(JSONNumber(place.mark.line)), .number(JSONNumber(place.mark.column)),
        ]
        guard let renamedFrom else { return .array(at) }
        return .array(at + [.string(renamedFrom)])
    }

    init?(_ json: JSON) {
        guard let path = json[0]?.string, let line = json[1]?.int, let column = json[2]?.int else { return nil }
        place = Place(path: path, mark: Mark(line: line, column: column))
        renamedFrom = json[3]?.string
    }
}
