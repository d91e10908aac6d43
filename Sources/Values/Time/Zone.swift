/// A time zone: an IANA name and every change of its clocks. Two zones are equal if their names are.
package final class Zone: Sendable {
    /// The IANA name: `Europe/Berlin`.
    package let identifier: String
    let timeline: ZoneTimeline
    /// Another one where the clocks of this zone may show other times: by it, what was worked out is known to hold.
    package let fingerprint: String

    /// Coordinated Universal Time; needs no file.
    package static let utc = Zone(fixed: "UTC", offset: 0, abbreviation: "UTC")

    /// Reads a zone from the bytes of a TZif file, as `/usr/share/zoneinfo` has them (RFC 8536 and RFC 9636, versions
    /// 1 to 4; the 64-bit data and the footer's rule where there are any). The bytes may be hostile: whatever is not
    /// right is an error that begins with the zone's name.
    package init(identifier: String, tzif bytes: [UInt8]) throws(ZoneError) {
        do {
            timeline = ZoneTimeline(try TZif(bytes: bytes))
        } catch {
            throw ZoneError(message: "time zone \(identifier) cannot be used: \(error.message)")
        }
        self.identifier = identifier
        fingerprint = String(Digest(of: bytes).text.suffix(16))
    }

    /// A zone whose clocks never change; `offset` in seconds east of UTC.
    init(fixed identifier: String, offset: Int, abbreviation: String) {
        self.identifier = identifier
        fingerprint = "\(offset)"
        timeline = ZoneTimeline(
            type: TZif.LocalType(offset: offset, isDaylight: false, abbreviation: abbreviation))
    }

    /// Seconds east of UTC.
    package func offset(at instant: Instant) -> Int {
        Int(timeline.offset(at: instant.seconds))
    }

    /// What a clock in this zone shows, to the second.
    package func localTime(at instant: Instant) -> CivilTime {
        // Instants have a thousandth of Int64's seconds: the sum fits.
        CivilTime(localSeconds: instant.seconds + timeline.offset(at: instant.seconds))
    }

    /// The name of the time in force: `CET`, `EDT`, `+0545`.
    package func abbreviation(at instant: Instant) -> String {
        timeline.type(at: instant.seconds).abbreviation
    }

    /// The next instant at which the offset or the abbreviation changes; nil if they never do again.
    package func nextTransition(after instant: Instant) -> Instant? {
        timeline.nextStart(after: instant.seconds).map(Instant.init(seconds:))
    }
}

extension Zone: Hashable {
    package static func == (left: Zone, right: Zone) -> Bool {
        left.identifier == right.identifier
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(identifier)
    }
}

extension Zone: CustomStringConvertible {
    package var description: String { identifier }
}
