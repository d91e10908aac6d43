/// An absolute `http` or `https` URL in one spelling, so that what is checked is what is connected to.
///
/// Stricter than RFC 3986: no user information, no percent-encoding and no letters beyond ASCII in the host. Characters
/// that need it are percent-encoded in path and query; the fragment is dropped.
struct OutboundURL: Sendable, Hashable {
    enum Scheme: String, Sendable, Hashable {
        case http
        case https

        var defaultPort: Int { self == .http ? 80 : 443 }
    }

    let scheme: Scheme
    /// Lower case, without a final dot; an IPv6 address without its brackets.
    let host: String
    let port: Int
    /// Path and query as they are sent, from `/` on.
    let target: String

    /// Bytes of a URL.
    static let byteLimit = 16 << 10

    init(_ text: String) throws(OutboundError) {
        try Self.checkBytes(text)
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            throw OutboundError(.badURL, "the URL has no scheme; write https://…")
        }
        let name = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard let scheme = Scheme(rawValue: name) else {
            throw OutboundError(.badURL, "the URL's scheme is neither https nor http")
        }
        let rest = bytes[(colon + 1)...]
        guard rest.starts(with: Array("//".utf8)) else {
            throw OutboundError(.badURL, "the URL has no host; write \(name)://HOST/…")
        }
        try self.init(scheme: scheme, afterSlashes: rest.dropFirst(2))
    }

    /// Reads what follows `scheme://`.
    init(scheme: Scheme, afterSlashes rest: ArraySlice<UInt8>) throws(OutboundError) {
        let end = rest.firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
        let authority = Authority(rest[..<end])
        guard let authority = try authority.read(defaultPort: scheme.defaultPort) else {
            throw OutboundError(.badURL, "the URL's host or port is malformed")
        }
        self.init(scheme: scheme, host: authority.host, port: authority.port, rawTarget: rest[end...])
    }

    init(scheme: Scheme, host: String, port: Int, rawTarget: ArraySlice<UInt8>) {
        self.scheme = scheme
        self.host = host
        self.port = port
        let target = PercentEncoding.target(rawTarget.prefix { $0 != UInt8(ascii: "#") })
        self.target = target.hasPrefix("/") ? target : "/" + target
    }

    /// Line breaks and other control characters end or split a request's head (fault F124).
    static func checkBytes(_ text: String) throws(OutboundError) {
        guard text.utf8.count <= byteLimit else {
            throw OutboundError(.badURL, "the URL is over \(byteLimit) bytes")
        }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw OutboundError(.badURL, "the URL has a line break or another control character")
        }
    }

    private var hostText: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host }

    /// `https://host` or `https://host:8443`: all of a URL that may be printed.
    var origin: String {
        "\(scheme.rawValue)://\(hostText)" + (port == scheme.defaultPort ? "" : ":\(port)")
    }

    /// The whole URL. It may hold a key: never print it.
    var text: String { origin + target }
}
