import Mustache

/// A Mustache text with tags for values, sections, inverted sections and comments.
///
/// Paths are dotted, with numbers for places in lists: `{{payload.commits.0.message}}`. A name that the value at hand
/// does not have is looked up further out. There is no HTML escaping: each value encodes itself, and `{{x}}`,
/// `{{{x}}}` and `{{&x}}` are the same. Partials, pragmas, inheritance and set-delimiter tags are refused.
package struct Template: Sendable {
    package let text: String
    package let encoding: TemplateEncoding
    /// The names that the template asks of its object. Names inside a section may belong to the section's value, so
    /// they are not among them.
    package let roots: Set<String>
    /// The path, where the text is one value's tag and nothing else.
    let onlyPath: [String]?

    private let pieces: [TemplatePiece]
    private let plainBytes: Int

    package typealias Encoding = TemplateEncoding

    package init(_ text: String, encoding: Encoding = .text) throws(TemplateError) {
        let tokens = try TemplateScanner.tokens(of: text)
        self.text = text
        self.encoding = encoding
        self.roots = Self.roots(tokens)
        if tokens.count == 1, case .value(let path)? = tokens.first?.content {
            self.onlyPath = path.names
        } else {
            self.onlyPath = nil
        }
        self.pieces = try TemplateCompiler.pieces(of: tokens)
        self.plainBytes = Self.plainBytes(tokens)
    }

    /// Throws what making one throws, and makes none: that costs many times what reading the tags does.
    package static func check(_ text: String) throws(TemplateError) {
        if PlainTemplate.isSound(text) { return }
        _ = try TemplateScanner.tokens(of: text)
    }

    /// The names that a template would ask of its object, without making one.
    package static func roots(of text: String) throws(TemplateError) -> Set<String> {
        roots(try TemplateScanner.tokens(of: text))
    }

    /// Whether a template may ask for another name than these: where not, its tags need not be read.
    package static func mayAsk(_ text: String, beside names: [String]) -> Bool {
        var text = text
        return text.withUTF8 { mayAsk($0, beside: names.map { Array($0.utf8) }) }
    }

    /// The same of its bytes.
    package static func mayAsk(_ bytes: UnsafeBufferPointer<UInt8>, beside names: [[UInt8]]) -> Bool {
        var place = 0
        while place + 1 < bytes.count {
            guard bytes[place] == UInt8(ascii: "{"), bytes[place + 1] == UInt8(ascii: "{") else {
                place += 1
                continue
            }
            let start = bytes[place...].firstIndex { !isBeforeName($0) } ?? bytes.count
            let end = bytes[start...].firstIndex { !isOfName($0) } ?? bytes.count
            guard names.contains(where: { $0.elementsEqual(bytes[start..<end]) }) else { return true }
            place = end
        }
        return false
    }

    /// Whether `check` would find nothing, seen quickly. No tells nothing.
    package static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { PlainTemplate.isSound(bytes) }

    private static func isBeforeName(_ byte: UInt8) -> Bool { "{#^/& \t\n".utf8.contains(byte) }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// The text for `object`, at most 1 MiB.
    package func render(_ object: JSON) throws(TemplateError) -> String {
        try render(object, within: TemplateBudget())
    }

    func render(_ object: JSON, within budget: TemplateBudget) throws(TemplateError) -> String {
        budget.spend(bytes: plainBytes)
        let root = TemplateValue(value: object, isRoot: true, encoding: encoding, budget: budget)
        var result = ""
        for piece in pieces {
            if budget.isSpent { break }
            switch piece {
            case .text(let text): result += text
            case .mustache(let template): result += template.render(root)
            }
        }
        if budget.isSpent { throw budget.error }
        return result
    }

    private static func roots(_ tokens: [TemplateToken]) -> Set<String> {
        var roots: Set<String> = []
        var inside: [Bool] = []
        for token in tokens {
            switch token.content {
            case .value(let path):
                if !inside.contains(true), let name = path.names.first { roots.insert(name) }
            case .open(let path, let isInverted):
                if !inside.contains(true), let name = path.names.first { roots.insert(name) }
                inside.append(!isInverted)
            case .close: _ = inside.popLast()
            case .text, .comment: break
            }
        }
        return roots
    }

    /// The bytes of text outside of sections.
    private static func plainBytes(_ tokens: [TemplateToken]) -> Int {
        var bytes = 0
        var inside: [Bool] = []
        for token in tokens {
            switch token.content {
            case .text(let text): bytes += inside.contains(true) ? 0 : text.utf8.count
            case .open(_, let isInverted): inside.append(!isInverted)
            case .close: _ = inside.popLast()
            case .value, .comment: break
            }
        }
        return bytes
    }
}

extension Template: Hashable {
    package static func == (left: Template, right: Template) -> Bool {
        left.encoding == right.encoding && left.text.hasSameBytes(as: right.text)
    }

    package func hash(into hasher: inout Hasher) {
        text.hashBytes(into: &hasher)
        hasher.combine(encoding)
    }
}
