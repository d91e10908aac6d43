/// The way from a JSON value to one inside it (RFC 6901): `/spec/tools/0/name`. The empty pointer is the value itself.
package struct JSONPointer: Sendable {
    /// The unescaped names and places, outermost first.
    package let tokens: [String]

    package init(_ tokens: [String] = []) {
        self.tokens = tokens
    }

    /// Reads `""` or `/a/b~1c`; `nil` when the text has no leading `/` or a `~` that is not `~0` or `~1`.
    package init?(_ text: String) {
        guard !text.isEmpty else {
            self.init([])
            return
        }
        var tokens: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false) {
            guard let token = Self.unescape(part) else { return nil }
            tokens.append(token)
        }
        guard tokens.first == "" else { return nil }
        self.init(Array(tokens.dropFirst()))
    }

    /// The escaped text: `""`, or `/` before each token.
    package var text: String {
        var text = ""
        for token in tokens {
            text.append("/")
            guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
                text.append(token)
                continue
            }
            for scalar in token.unicodeScalars {
                switch scalar {
                case "~": text.append("~0")
                case "/": text.append("~1")
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        return text
    }

    package func appending(_ token: String) -> JSONPointer {
        JSONPointer(tokens + [token])
    }

    package func appending(_ index: Int) -> JSONPointer {
        JSONPointer(tokens + [String(index)])
    }

    /// A token as a place in a list: `0`, or digits without a leading zero.
    static func place(_ token: String) -> Int? {
        guard token.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return nil }
        guard token.utf8.count == 1 || token.utf8.first != UInt8(ascii: "0") else { return nil }
        return Int(token)
    }

    private static func unescape(_ part: Substring) -> String? {
        guard part.utf8.contains(UInt8(ascii: "~")) else { return String(part) }
        var token = String.UnicodeScalarView()
        var scalars = part.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "~" else {
                token.append(scalar)
                continue
            }
            switch scalars.next() {
            case "0": token.append("~")
            case "1": token.append("/")
            default: return nil
            }
        }
        return String(token)
    }
}

extension JSONPointer: Hashable {
    package static func == (left: JSONPointer, right: JSONPointer) -> Bool {
        left.tokens.count == right.tokens.count
            && zip(left.tokens, right.tokens).allSatisfy { $0.hasSameBytes(as: $1) }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(tokens.count)
        for token in tokens { token.hashBytes(into: &hasher) }
    }
}

extension JSONPointer: Comparable, CustomStringConvertible {
    /// Parents before what they hold, places in a list by number, names by bytes.
    package static func < (left: JSONPointer, right: JSONPointer) -> Bool {
        for (one, other) in zip(left.tokens, right.tokens) where !one.hasSameBytes(as: other) {
            switch (place(one), place(other)) {
            case (let one?, let other?): return one < other
            case (nil, nil): return one.precedesInBytes(other)
            case (let one, _): return one != nil
            }
        }
        return left.tokens.count < right.tokens.count
    }

    package var description: String { text }
}

extension JSON {
    /// The value that `pointer` leads to, or `nil` where there is nothing.
    package func value(at pointer: JSONPointer) -> JSON? {
        var value = self
        for token in pointer.tokens {
            guard let next = value.child(token) else { return nil }
            value = next
        }
        return value
    }
}
