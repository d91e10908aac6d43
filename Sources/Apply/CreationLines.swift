import Spec
import Values

/// What created resources say, a line for each field, taken from the bytes of their canonical manifests: a first plan of a
/// large repository is little else.
struct CreationLines {
    struct Line {
        /// Where its label stands in `labels`.
        let label: Range<Int>
        /// Where its value stands in the manifest.
        let value: Range<Int>
        let isSensitive: Bool
    }

    private(set) var lines: [Line] = []
    /// Printable ASCII.
    private(set) var labels: [UInt8] = []
    /// Of the longest label.
    private(set) var width = 0
    private var path: [UInt8] = []
    private var place = 0

    /// False where that takes more: keys that have to be escaped, or are places and not in the order of their bytes.
    ///
    /// - Parameters:
    ///   - bytes: a manifest in canonical JSON
    ///   - shape: of the spec; nil where none of its fields has to be hidden
    mutating func read(_ bytes: [UInt8], _ shape: Shape?) -> Bool {
        lines.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        (width, place) = (0, 0)
        return readManifest(bytes, shape) && place == bytes.count
    }

    private mutating func readManifest(_ bytes: [UInt8], _ shape: Shape?) -> Bool {
        guard skip("{", bytes) else { return false }
        repeat {
            guard let key = key(bytes) else { return false }
            switch bytes[key] {
            case let key where key.elementsEqual("metadata".utf8):
                path.append(contentsOf: key)
                guard read(bytes, nil, isSensitive: false) else { return false }
            case let key where key.elementsEqual("spec".utf8):
                path.append(contentsOf: key)
                let count = lines.count
                guard read(bytes, shape, isSensitive: false) else { return false }
                // A spec of nothing but defaults says nothing.
                if lines.count == count + 1, lines[count].label.count == key.count { lines.removeLast() }
            default: guard skipValue(bytes) else { return false }
            }
            path.removeAll(keepingCapacity: true)
        } while skip(",", bytes)
        width = lines.reduce(0) { max($0, $1.label.count) }
        return skip("}", bytes)
    }

    private mutating func read(_ bytes: [UInt8], _ shape: Shape?, isSensitive: Bool) -> Bool {
        let start = place
        guard skip("{", bytes), !skip("}", bytes) else {
            place = start
            guard skipValue(bytes) else { return false }
            // The name stands above the fields.
            if path.elementsEqual(Self.name) { return true }
            let begin = labels.count
            labels.append(contentsOf: path)
            lines.append(Line(label: begin..<labels.count, value: start..<place, isSensitive: isSensitive))
            return true
        }
        let object = shape.flatMap { $0.takingMapping }
        let length = path.count
        repeat {
            guard let key = key(bytes) else { return false }
            path.append(UInt8(ascii: "."))
            path.append(contentsOf: bytes[key])
            let (inner, isHidden) = object?.shape(of: bytes[key]) ?? (nil, false)
            guard read(bytes, inner, isSensitive: isSensitive || isHidden) else { return false }
            path.removeSubrange(length...)
        } while skip(",", bytes)
        return skip("}", bytes)
    }

    private static let name = Array("metadata.name".utf8)

    /// Reads a key that can stand in a label as it is, and the colon behind it.
    private mutating func key(_ bytes: [UInt8]) -> Range<Int>? {
        guard skip("\"", bytes) else { return nil }
        let start = place
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            guard (0x20..<0x7F).contains(bytes[end]), bytes[end] != UInt8(ascii: "\\") else { return nil }
            end += 1
        }
        place = end
        let key = start..<end
        guard let first = bytes[key].first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            skip("\"", bytes), skip(":", bytes)
        else { return nil }
        return key
    }

    private mutating func skip(_ character: Unicode.Scalar, _ bytes: [UInt8]) -> Bool {
        guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    /// Goes behind a value, whatever it is.
    private mutating func skipValue(_ bytes: [UInt8]) -> Bool {
        var depth = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                guard skipText(bytes) else { return false }
                if depth == 0 { return true }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // It ends what is around a number or a word.
                if depth == 0 { return true }
                depth -= 1
                if depth == 0 {
                    place += 1
                    return true
                }
            case UInt8(ascii: ","): if depth == 0 { return true }
            default: break
            }
            place += 1
        }
        return depth == 0
    }

    private mutating func skipText(_ bytes: [UInt8]) -> Bool {
        var next = place + 1
        while next < bytes.count {
            let byte = bytes[next]
            next += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") {
                place = next
                return true
            }
        }
        return false
    }
}

extension Shape {
    /// Of alternatives, the one that a mapping is.
    fileprivate var takingMapping: Shape? {
        switch self {
        case .object, .map: self
        case .anyOf(let alternatives): alternatives.first { $0.takes(.object([:])) }?.takingMapping
        default: nil
        }
    }

    /// Of a member of a mapping, its shape, and whether it must not be shown.
    fileprivate func shape(of key: ArraySlice<UInt8>) -> (Shape?, Bool) {
        switch self {
        case .object(let object):
            object.member(String(decoding: key, as: UTF8.self)).map { ($0.shape, $0.isSensitive) } ?? (nil, false)
        case .map(let item): (item, false)
        default: (nil, false)
        }
    }
}
