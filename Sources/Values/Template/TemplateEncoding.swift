/// How values are put into a template's text.
package enum TemplateEncoding: Sendable, Hashable {
    /// As they are: strings bare, everything else as canonical JSON, `null` as nothing.
    case text
    /// As `text`, with all but RFC 3986's unreserved characters percent-encoded.
    case url
    /// As canonical JSON, strings in quotes. `null` and what is missing are `null`, so that the text stays JSON.
    case json

    /// The text that stands for `value`; `nil` is a missing one.
    func text(of value: JSON?) -> String {
        switch self {
        case .text: Self.plain(value)
        case .url: Self.percentEncoded(Self.plain(value))
        case .json: (value ?? .null).canonicalText
        }
    }

    private static func plain(_ value: JSON?) -> String {
        switch value {
        case nil, .null?: ""
        case .string(let text)?: text
        case let value?: value.canonicalText
        }
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
