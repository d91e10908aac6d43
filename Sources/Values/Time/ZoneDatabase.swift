import Synchronization

/// Time zones by their IANA names, read once each. Where the bytes come from is the caller's business.
package final class ZoneDatabase: Sendable {
    /// More names than tzdata has, so that only an odd source of zones is read again and again.
    private static let cacheLimit = 2_048

    private let read: @Sendable (String) -> [UInt8]?
    private let zones = Mutex<[String: Zone]>([:])

    /// - Parameter read: gives the TZif bytes of a zone, nil if there is no such zone. It is only asked for names that
    ///   are safe as relative paths (see `isSafe`), and never for `UTC` and `Etc/UTC`.
    package init(read: @escaping @Sendable (String) -> [UInt8]?) {
        self.read = read
    }

    /// The zone of an IANA name such as `Europe/Berlin`; `UTC` and `Etc/UTC` need no database.
    package func zone(named name: String) throws(ZoneError) -> Zone {
        if name == Zone.utc.identifier { return .utc }
        if name == "Etc/UTC" { return Zone(fixed: name, offset: 0, abbreviation: "UTC") }
        guard Self.isSafe(name) else {
            throw ZoneError(
                message: "this is not the name of a time zone: write an IANA name such as Europe/Berlin or UTC")
        }
        if let known = zones.withLock({ $0[name] }) { return known }
        // Outside of the lock: reading may take its time.
        guard let bytes = read(name) else {
            throw ZoneError(
                message: "unknown time zone \(name): write an IANA name such as Europe/Berlin, with its capitals, "
                    + "and see that the time zone database (tzdata) is installed")
        }
        let zone = try Zone(identifier: name, tzif: bytes)
        return zones.withLock { zones in
            if let earlier = zones[name] { return earlier }
            if zones.count < Self.cacheLimit { zones[name] = zone }
            return zone
        }
    }

    /// Whether a name can be a zone's and, put behind a directory, cannot leave it: 1 to 64 ASCII letters, digits and
    /// `_ + - /`, no `/` at either end and no two in a row (a name has no dot, so `..` is out too).
    package static func isSafe(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 64 else { return false }
        var previous = UInt8(ascii: "/")
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                break
            case UInt8(ascii: "/") where previous != byte:
                break
            default:
                return false
            }
            previous = byte
        }
        return previous != UInt8(ascii: "/")
    }
}
