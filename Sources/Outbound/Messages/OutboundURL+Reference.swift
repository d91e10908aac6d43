extension OutboundURL {
    /// The URL that a `Location` names from here: absolute or relative (RFC 3986, section 5.2).
    func resolving(_ reference: String) throws(OutboundError) -> OutboundURL {
        try Self.checkBytes(reference)
        let bytes = Array(reference.utf8)
        if Self.hasScheme(bytes) { return try OutboundURL(reference) }
        if bytes.starts(with: Array("//".utf8)) {
            return try OutboundURL(scheme: scheme, afterSlashes: bytes[2...])
        }
        let relative = bytes.prefix { $0 != UInt8(ascii: "#") }
        let base = Array(target.utf8)
        let path = base.prefix { $0 != UInt8(ascii: "?") }
        let query = relative.drop { $0 != UInt8(ascii: "?") }
        let relativePath = relative.prefix { $0 != UInt8(ascii: "?") }
        var merged: [UInt8]
        switch relativePath.first {
        case nil:
            merged = query.isEmpty ? base : Array(path + query)
        case UInt8(ascii: "/"):
            merged = Self.withoutDots(Array(relativePath)) + query
        default:
            let slash = path.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? []
            merged = Self.withoutDots(Array(slash + relativePath)) + query
        }
        if merged.isEmpty { merged = base }
        return OutboundURL(scheme: scheme, host: host, port: port, rawTarget: merged[...])
    }

    private static func hasScheme(_ bytes: [UInt8]) -> Bool {
        guard let end = bytes.firstIndex(where: { ":/?#".utf8.contains($0) }) else { return false }
        return end > 0 && bytes[end] == UInt8(ascii: ":")
    }

    /// A path with its `.` and `..` steps taken (RFC 3986, section 5.2.4).
    private static func withoutDots(_ path: [UInt8]) -> [UInt8] {
        var steps: [ArraySlice<UInt8>] = []
        let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
        for (place, part) in zip(parts.indices, parts) {
            let isLast = place == parts.endIndex - 1
            if part.elementsEqual(".".utf8) {
                if isLast { steps.append([]) }
            } else if part.elementsEqual("..".utf8) {
                _ = steps.popLast()
                if isLast { steps.append([]) }
            } else {
                steps.append(part)
            }
        }
        return steps.flatMap { [UInt8(ascii: "/")] + $0 }
    }
}
