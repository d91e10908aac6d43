import NIOHTTP1

/// The head of a webhook that is like nearly all of them.
struct HookHead {
    let endpoint: HookEndpoint
    let path: String
    /// Bytes of the body.
    let length: Int
    /// As routes see them: the name of the host is none.
    let headers: [(name: String, value: String)]

    /// Longer bodies take their time, which is not the event loop's.
    private static let longest = 64 << 10

    /// `nil` for what is to go the way of all other requests: also everything that is wrong in some way.
    init?(_ head: HTTPRequestHead, _ limits: ServerLimits) {
        guard head.method == .POST, head.version == .http1_1, let endpoint = Self.endpoint(head.uri) else { return nil }
        var length: Int?
        var hosts = 0
        var headers: [(name: String, value: String)] = []
        headers.reserveCapacity(head.headers.count)
        for (name, value) in head.headers {
            switch Self.role(of: name) {
            case .ordinary: headers.append((name, value))
            case .host: hosts += 1
            case .length:
                guard length == nil, value.utf8.count < 10, let number = Int(value), number >= 0 else { return nil }
                length = number
                headers.append((name, value))
            case .unusual: return nil
            }
        }
        guard hosts == 1, let length, length <= min(Self.longest, limits.body) else { return nil }
        self.endpoint = endpoint
        self.path = head.uri
        self.length = length
        self.headers = headers
    }

    /// Of paths without anything that would have to be decoded.
    private static func endpoint(_ path: String) -> HookEndpoint? {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 4, parts[0].isEmpty, parts[1].elementsEqual("hooks".utf8),
            let name = parts.last, !name.isEmpty, name.allSatisfy(isPlain)
        else { return nil }
        if parts.count == 3 { return .trigger(String(Substring(name))) }
        return parts[2].elementsEqual("repositories".utf8) ? .repository(String(Substring(name))) : nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private enum Role { case ordinary, host, length, unusual }

    /// Names are compared with those of their length alone.
    private static func role(of name: String) -> Role {
        switch name.utf8.count {
        case 4: isEqual(name, "host") ? .host : .ordinary
        case 14: isEqual(name, "content-length") ? .length : .ordinary
        // Other ways to frame a body, and wishes about the connection.
        case 2: isEqual(name, "te") ? .unusual : .ordinary
        case 6: isEqual(name, "expect") ? .unusual : .ordinary
        case 7: isEqual(name, "upgrade") || isEqual(name, "trailer") ? .unusual : .ordinary
        case 10: isEqual(name, "connection") || isEqual(name, "keep-alive") ? .unusual : .ordinary
        case 17: isEqual(name, "transfer-encoding") ? .unusual : .ordinary
        default: .ordinary
        }
    }

    /// - Parameter other: in lower case
    private static func isEqual(_ name: String, _ other: StaticString) -> Bool {
        var place = other.utf8Start
        for byte in name.utf8 {
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            guard (isUpper ? byte | 0x20 : byte) == place.pointee else { return false }
            place += 1
        }
        return true
    }
}
