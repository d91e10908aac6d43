/// Makes a pattern of JSON Schema, which is ECMA-262's, one of PCRE2's.
///
/// The one difference that schemas meet is `\p{…}`: PCRE2 before 10.43 knows general categories by their short names
/// only, and scripts without `Script=`.
enum JSONSchemaPattern {
    static func translated(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let slash = rest.firstIndex(of: "\\") {
            result += rest[..<slash]
            rest = rest[slash...]
            guard rest.hasPrefix(#"\p{"#) || rest.hasPrefix(#"\P{"#), let end = rest.firstIndex(of: "}") else {
                result += rest.prefix(2)
                rest = rest.dropFirst(2)
                continue
            }
            result += rest.prefix(3) + property(rest[..<end].dropFirst(3)) + "}"
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func property(_ name: Substring) -> String {
        let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let key = parts.first, let value = parts.last, parts.count == 2 else {
            return categories[String(name)] ?? String(name)
        }
        switch key {
        case "General_Category", "gc": return categories[String(value)] ?? String(value)
        case "Script", "sc", "Script_Extensions", "scx": return String(value)
        default: return String(name)
        }
    }

    /// UAX #44, table 12, without names that are the same in both.
    private static let categories = [
        "Cased_Letter": "L&", "Close_Punctuation": "Pe", "Combining_Mark": "M", "Connector_Punctuation": "Pc",
        "Control": "Cc", "Currency_Symbol": "Sc", "Dash_Punctuation": "Pd", "Decimal_Number": "Nd",
        "Enclosing_Mark": "Me", "Final_Punctuation": "Pf", "Format": "Cf", "Initial_Punctuation": "Pi", "LC": "L&",
        "Letter": "L", "Letter_Number": "Nl", "Line_Separator": "Zl", "Lowercase_Letter": "Ll", "Mark": "M",
        "Math_Symbol": "Sm", "Modifier_Letter": "Lm", "Modifier_Symbol": "Sk", "Nonspacing_Mark": "Mn", "Number": "N",
        "Open_Punctuation": "Ps", "Other": "C", "Other_Letter": "Lo", "Other_Number": "No", "Other_Punctuation": "Po",
        "Other_Symbol": "So", "Paragraph_Separator": "Zp", "Private_Use": "Co", "Punctuation": "P", "Separator": "Z",
        "Space_Separator": "Zs", "Spacing_Mark": "Mc", "Surrogate": "Cs", "Symbol": "S", "Titlecase_Letter": "Lt",
        "Unassigned": "Cn", "Uppercase_Letter": "Lu", "cntrl": "Cc", "digit": "Nd", "punct": "P",
    ]
}
