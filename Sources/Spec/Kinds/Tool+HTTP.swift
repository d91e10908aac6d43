import Values

extension Tool {
    /// One HTTP request, filled in from the arguments of the call.
    package struct HTTP: SpecObject, Hashable {
        package let method: Method
        package let url: InlineTemplate<URLEncoding>
        package let headers: [String: OrSecret<InlineTemplate<TextEncoding>>]
        package let query: [String: InlineTemplate<TextEncoding>]
        package let body: TemplateBody?
        package let auth: Auth?
        package let allowPrivateNetworks: Bool

        package enum Method: String, SpecChoice {
            case get = "GET"
            case post = "POST"
            case put = "PUT"
            case patch = "PATCH"
            case delete = "DELETE"
            case head = "HEAD"
        }

        package static let schema = Schema<HTTP>(
            "An HTTP request, filled in from the arguments of the call.",
            Field("method", \.method, "The method.", default: .get),
            Field("url", \.url, "The URL; arguments are percent-encoded into it."),
            Field("headers", \.headers, "Headers; a value may be a secret.", default: [:], .sensitive),
            Field("query", \.query, "Query parameters; an empty one is left out.", default: [:]),
            Field("body", optional: \.body, "A JSON body: a mapping whose texts are templates, or a template of JSON."),
            Field("auth", optional: \.auth, "How it signs in."),
            Field(
                "allowPrivateNetworks", \.allowPrivateNetworks, "Whether it may reach private and local addresses.",
                default: false),
            rules: [Rule(unless: HTTP.urlSurelyNamesItsHost, HTTP.urlNamesItsHost)],
            make: HTTP.init)

        /// Of what is written as most addresses are: `https://example.com/…`.
        private static func urlSurelyNamesItsHost(_ node: Int, _ reading: borrowing PlainReading) -> Bool {
            guard let url = reading.child("url", of: node), reading.yaml.nodes[url].isScalar else { return false }
            let text = reading.text(of: url)
            let scheme: StaticString = "https://"
            guard text.count <= 2_048, text.count > scheme.utf8CodeUnitCount,
                UnsafeBufferPointer(rebasing: text[..<scheme.utf8CodeUnitCount]).equals(scheme)
            else { return false }
            let rest = text[scheme.utf8CodeUnitCount...]
            let host = rest.prefix { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
            guard !host.isEmpty, host.endIndex < text.endIndex, text[host.endIndex] == UInt8(ascii: "/") else {
                return false
            }
            // Also behind the first brace: with a mark that joins it, that is another character.
            return rest.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        }

        /// Arguments come from a model: they may fill a path or a query, never the host (fault H146).
        private static func urlNamesItsHost(_ http: JSON, _ node: Node, _ reading: ManifestReading) -> [Diagnostic] {
            guard let text = http["url"]?.string else { return [] }
            let mark = node.mark(at: JSONPointer(["url"]))
            let origin = text.prefix { $0 != "{" }
            let address = origin.isEmpty ? "" : String(origin)
            let parts = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
            let isWhole = origin.count == text.count || parts.count > 3 || address.contains("?")
            do {
                _ = try WebAddress(manifestText: address)
                if isWhole { return [] }
            } catch let error as SpecTextError {
                if !address.isEmpty {
                    return [Diagnostic(.error, .badValue, error.message, at: Place(path: reading.path, mark: mark))]
                }
            } catch {}
            return [
                Diagnostic(
                    .error, .badValue, "the scheme and host of a tool's URL must be written out",
                    at: Place(path: reading.path, mark: mark),
                    fix: "begin with https://host/ and use {{…}} only after it")
            ]
        }
    }

    /// How a request signs in.
    package struct Auth: SpecObject, Hashable {
        package let bearer: SecretReference?
        package let basic: Basic?
        package let header: Header?

        package static let schema = Schema<Auth>(
            "How a request signs in.",
            Field("bearer", optional: \.bearer, "Sent as `Authorization: Bearer …`."),
            Field("basic", optional: \.basic, "User name and password."),
            Field("header", optional: \.header, "A header of the service's own."),
            constraints: [.exactlyOne(["bearer", "basic", "header"])],
            make: Auth.init)

        package struct Basic: SpecObject, Hashable {
            package let username: String
            package let password: SecretReference

            package static let schema = Schema<Basic>(
                "HTTP basic authentication.",
                Field("username", \.username, "The user name."),
                Field("password", \.password, "The password."),
                make: Basic.init)
        }

        package struct Header: SpecObject, Hashable {
            package let name: String
            package let value: SecretReference

            package static let schema = Schema<Header>(
                "A header that carries a secret.",
                Field("name", \.name, "The header's name, such as X-API-Key."),
                Field("value", \.value, "The secret."),
                make: Header.init)
        }
    }
}
