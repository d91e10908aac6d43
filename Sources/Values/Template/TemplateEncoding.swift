/// How values are put into a template's text.
package enum TemplateEncoding: Sendable, Hashable {
    /// As they are: strings bare, everything else as canonical JSON with numbers as they were written, `null` as nothing.
    case text
    /// As `text`, with all but RFC 3986's unreserved characters percent-encoded.
    case url
    /// As JSON in the same way, strings in quotes. `null` and what is missing are `null`, so that the text stays JSON.
    case json

    /// The text that stands for `value`; `nil` is a missing one.
    func text(of value: JSON?) -> String {
        switch self {
        case .text: Self.plain(value)
        case .url: PercentEncoding.encode(Self.plain(value))
        case .json: (value ?? .null).writtenText
        }
    }

    private static func plain(_ value: JSON?) -> String {
        switch value {
        case nil, .null?: ""
        case .string(let text)?: text
        case let value?: value.writtenText
        }
    }
}
