import Values

extension Duration: SpecText {
    package static var textShape: TextShape {
        TextShape(
            "a duration such as 30s, 5m, 1h30m or 7d",
            pattern: "^(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", maximumLength: 40)
    }

    package static var plainWriter: PlainWriter {
        { node, reading in
            guard reading.isText(node), isPlain(reading.text(of: node)) else {
                return reading.writeExactly(node, readJSON)
            }
            reading.output.append(UInt8(ascii: "\""))
            reading.output.append(reading.text(of: node))
            reading.output.append(UInt8(ascii: "\""))
            return true
        }
    }

    /// A number with one unit, and not so large that it would be written with the next one.
    private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard (2...3).contains(text.count), let first = text.first, first > UInt8(ascii: "0"),
            first <= UInt8(ascii: "9")
        else { return false }
        var amount = 0
        for byte in text.dropLast() {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return false }
            amount = amount * 10 + Int(byte - UInt8(ascii: "0"))
        }
        switch text.last {
        case UInt8(ascii: "s"), UInt8(ascii: "m"): return amount < 60
        case UInt8(ascii: "h"): return amount < 24
        case UInt8(ascii: "d"): return true
        default: return false
        }
    }

    package init(manifestText text: String) throws {
        guard let value = Duration(manifest: text) else {
            throw SpecTextError("\(quoted(text)) is not a duration", fix: "write it as 30s, 5m, 1h30m or 7d")
        }
        self = value
    }
}

extension CronExpression: SpecText {
    package static var textShape: TextShape {
        TextShape(
            "a cron expression of five fields, such as `0 9 * * mon-fri`",
            pattern: #"^\s*(@[A-Za-z]+|[^@\s]\S*(\s+\S+){4})\s*$"#, maximumLength: 256)
    }

    package static var plainWriter: PlainWriter {
        { node, reading in
            guard reading.isText(node), isPlain(reading.text(of: node)) else {
                return reading.writeExactly(node, readJSON)
            }
            return reading.write(text: node)
        }
    }

    package init(manifestText text: String) throws {
        do {
            self = try CronExpression(text)
        } catch {
            throw SpecTextError(error.message)
        }
    }

    package var manifestText: String { text }
}

/// The name of an IANA time zone that this machine knows.
package struct TimeZoneName: SpecValue, Hashable, ExpressibleByStringLiteral {
    package let identifier: String

    package init(stringLiteral value: String) {
        identifier = value
    }

    package static var shape: Shape {
        .text(
            TextShape(
                "an IANA time zone such as Europe/Berlin", pattern: "^[A-Za-z][A-Za-z0-9_+/-]*$", maximumLength: 64))
    }

    package static func read(_ node: Node, _ reading: ManifestReading) -> TimeZoneName? {
        guard let text = reading.text(node, what: "a time zone") else { return nil }
        if case .repository(let surroundings) = reading.source {
            do {
                try surroundings.checkZone(text)
            } catch {
                reading.report(.badValue, error.message, node, fix: "use an IANA name such as Europe/Berlin")
                return nil
            }
        }
        return TimeZoneName(stringLiteral: text)
    }

    package static var plainWriter: PlainWriter {
        { node, reading in
            guard reading.isText(node),
                reading.surroundings.knowsZone(String(decoding: reading.text(of: node), as: UTF8.self))
            else { return false }
            return reading.write(text: node)
        }
    }

    package var json: JSON { .string(identifier) }
}
