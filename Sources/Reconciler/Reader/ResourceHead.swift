import Spec
import Values

/// Of a resource, what is neither in its canonical manifest nor in the list of its places: where it stands, and the
/// former name that it says.
struct ResourceHead {
    let place: Place
    let renamedFrom: String?

    init(place: Place, renamedFrom: String?) {
        self.place = place
        self.renamedFrom = renamedFrom
    }

    init(_ resource: Resource) {
        self.init(place: resource.place, renamedFrom: resource.renamedFrom)
    }

    /// The canonical JSON of the message with it, written without a value of it: there is one for each resource.
    var line: [UInt8] {
        var line = Array(#"{"resource":["#.utf8)
        line.append(quoted: place.path)
        for number in [place.mark.line, place.mark.column] {
            line.append(UInt8(ascii: ","))
            line.append(contentsOf: String(number).utf8)
        }
        if let renamedFrom {
            line.append(UInt8(ascii: ","))
            line.append(quoted: renamedFrom)
        }
        line.append(contentsOf: "]}".utf8)
        return line
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
