import Values

/// Bounds that a number type carries in its name, so that its shape can show them.
package protocol IntegerBounds: Sendable {
    static var range: ClosedRange<Int> { get }
}

package enum FromOne: IntegerBounds { package static let range = 1...1_000_000_000 }
package enum SmallCount: IntegerBounds { package static let range = 1...1_000 }
package enum PriorityBounds: IntegerBounds { package static let range = -1_000...1_000 }
package enum AnyInteger: IntegerBounds { package static let range = Int.min...Int.max }

/// A whole number within bounds.
package struct Bounded<Bounds: IntegerBounds>: SpecValue, Hashable, ExpressibleByIntegerLiteral {
    package let value: Int

    package init(integerLiteral value: Int) {
        precondition(Bounds.range.contains(value))
        self.value = value
    }

    private init(checked value: Int) {
        self.value = value
    }

    package static var shape: Shape { .integer(Bounds.range) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Bounded? {
        Int.read(node, reading, in: Bounds.range).map(Bounded.init(checked:))
    }

    package static var plainWriter: PlainWriter { Int.plainWriter(in: Bounds.range) }

    package var json: JSON { .number(JSONNumber(value)) }
}

package protocol NumberBounds: Sendable {
    static var range: ClosedRange<Double> { get }
}

package enum TemperatureBounds: NumberBounds { package static let range = 0.0...2.0 }
package enum UnitInterval: NumberBounds { package static let range = 0.0...1.0 }

/// A number within bounds, kept exactly as written.
package struct Decimal<Bounds: NumberBounds>: SpecValue, Hashable {
    package let number: JSONNumber

    package static var shape: Shape { .number(Bounds.range) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Decimal? {
        guard let scalar = reading.scalar(node, what: "a number") else { return nil }
        guard case .number(let number) = scalar else {
            let message =
                scalar == .unrepresentableNumber
                ? "this number is not finite" : "expected a number, found \(node.typeName)"
            reading.report(.wrongType, message, node)
            return nil
        }
        guard Bounds.range.contains(number.double) else {
            let bounds = "\(Bounds.range.lowerBound) and \(Bounds.range.upperBound)"
            reading.report(.badValue, "\(quoted(number.text)) is not between \(bounds)", node)
            return nil
        }
        return Decimal(number: number)
    }

    package static var plainWriter: PlainWriter {
        let range = Bounds.range
        return { node, reading in
            guard reading.form(of: node) == .plain, let value = reading.text(of: node).shortDecimal else {
                return reading.writeExactly(node, readJSON)
            }
            reading.output.append(reading.text(of: node))
            return range.contains(value)
        }
    }

    package var json: JSON { .number(number) }
}

extension UnsafeBufferPointer<UInt8> {
    /// The value of a number such as `3` or `0.25` that is written as canonical JSON writes it; nil for other ones, too.
    fileprivate var shortDecimal: Double? {
        guard count <= 12, let first, last != UInt8(ascii: ".") else { return nil }
        var digits = 0.0
        var scale = 1.0
        var places: Int?
        for byte in self {
            if byte == UInt8(ascii: "."), places == nil, byte != first {
                places = 0
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            digits = digits * 10 + Double(byte - UInt8(ascii: "0"))
            if let behind = places {
                places = behind + 1
                scale *= 10
            }
        }
        guard first != UInt8(ascii: "0") || count == 1 || self[1] == UInt8(ascii: ".") else { return nil }
        if let places, places > 6 || last == UInt8(ascii: "0") { return nil }
        // Both are exact, so that this is the nearest number.
        return digits / scale
    }
}
