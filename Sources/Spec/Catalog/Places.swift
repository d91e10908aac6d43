import Values

/// Where each value of a manifest begins, in the order in which the values were read: as the text of a JSON list, because
/// most of it is only handed on and never looked at.
package struct Places: Sendable, Hashable {
    /// Of each value: how deep it lies, its last token, line and column. `[0,"metadata",3,1,1,"name",4,3]`
    package let text: [UInt8]

    package static let none = Places(text: Array("[]".utf8))

    private static let limits = JSONLimits(depth: 2, bytes: 128 << 20, nodes: 4_000_000)

    /// - Parameter text: what another process says; where it is no such list, no place is known
    package init(text: [UInt8]) {
        self.text = text
    }

    /// Where the value that `pointer` names begins, or the nearest around it; `nil` where nothing is known.
    package func mark(of pointer: JSONPointer) -> Mark? {
        guard case .array(let list)? = try? JSON(parsing: text, limits: Self.limits) else { return nil }
        var nearest: (depth: Int, mark: Mark)?
        // How many tokens of the pointer the values lead down that are read now.
        var shared = 0
        for start in stride(from: 0, to: list.count - 3, by: 4) {
            guard let depth = list[start].int, let token = list[start + 1].string, let line = list[start + 2].int,
                let column = list[start + 3].int, depth >= 0
            else { return nil }
            shared = min(shared, depth)
            guard shared == depth, depth < pointer.tokens.count, pointer.tokens[depth].hasSameBytes(as: token) else {
                continue
            }
            shared += 1
            if depth >= nearest?.depth ?? 0 { nearest = (depth, Mark(line: line, column: column)) }
        }
        return nearest?.mark
    }
}

/// Writes down where values begin while they are read.
struct PlaceRecorder {
    private var text = Array("[".utf8)

    /// - Parameter depth: how many values lie around it
    mutating func add(_ token: String, depth: Int, _ mark: Mark) {
        if text.count > 1 { text.append(UInt8(ascii: ",")) }
        text.append(decimal: depth)
        text.append(UInt8(ascii: ","))
        text.append(quoted: token)
        text.append(UInt8(ascii: ","))
        text.append(decimal: mark.line)
        text.append(UInt8(ascii: ","))
        text.append(decimal: mark.column)
    }

    var places: Places { Places(text: text + [UInt8(ascii: "]")]) }
}

extension [UInt8] {
    /// Of what is counted, from 0.
    fileprivate mutating func append(decimal value: Int) {
        forEachDigit(of: value) { append($0) }
    }
}

/// The decimal digits of what is counted, from 0: lines and columns mostly have one or two, for which a text takes too long.
@inline(__always)
func forEachDigit(of value: Int, _ body: (UInt8) -> Void) {
    let zero = UInt8(ascii: "0")
    switch value {
    case 0..<10: body(zero + UInt8(truncatingIfNeeded: value))
    case 10..<100:
        body(zero + UInt8(truncatingIfNeeded: value / 10))
        body(zero + UInt8(truncatingIfNeeded: value % 10))
    default: for digit in String(value).utf8 { body(digit) }
    }
}
