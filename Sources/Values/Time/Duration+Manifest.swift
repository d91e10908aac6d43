/// The units of a manifest's durations, longest first, in milliseconds.
private let manifestUnits: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
]

extension Duration {
    /// Reads a duration as manifests write it: `30s`, `5m`, `1h30m`, `7d`, `500ms`.
    ///
    /// Whole numbers with the units `d h m s ms`, each at most once and in this order, without spaces or signs.
    /// Nil for anything else, and for more milliseconds than an `Int64` holds.
    package init?(manifest text: String) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return nil }
        var total: Int64 = 0
        var position = bytes.startIndex
        var units = manifestUnits[...]
        while position < bytes.endIndex {
            let numberEnd = bytes[position...].firstIndex { $0 < 0x30 || $0 > 0x39 } ?? bytes.endIndex
            let unitEnd = bytes[numberEnd...].firstIndex { $0 >= 0x30 && $0 <= 0x39 } ?? bytes.endIndex
            let name = String(decoding: bytes[numberEnd..<unitEnd], as: UTF8.self)
            guard let amount = Int64(String(decoding: bytes[position..<numberEnd], as: UTF8.self)),
                let place = units.firstIndex(where: { $0.name == name })
            else { return nil }
            let product = amount.multipliedReportingOverflow(by: units[place].milliseconds)
            let sum = total.addingReportingOverflow(product.partialValue)
            guard !product.overflow, !sum.overflow else { return nil }
            total = sum.partialValue
            units = units[(place + 1)...]
            position = unitEnd
        }
        self = .milliseconds(total)
    }

    /// The one way to write this duration in a manifest: largest units first, none of them zero (`1h30m` for 90
    /// minutes, `1d` for 24 hours), `0s` for nothing. Parts below a millisecond are left out; a negative duration,
    /// which a manifest cannot say, gets a minus sign.
    package var manifestText: String {
        var rest = milliseconds.magnitude
        guard rest > 0 else { return "0s" }
        var text = milliseconds < 0 ? "-" : ""
        for unit in manifestUnits {
            let (amount, remainder) = rest.quotientAndRemainder(dividingBy: unit.milliseconds.magnitude)
            if amount > 0 { text += "\(amount)\(unit.name)" }
            rest = remainder
        }
        return text
    }

    /// Whole milliseconds, rounded towards zero; the nearest end of the range where an `Int64` is too small.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let whole = seconds.multipliedReportingOverflow(by: 1_000)
        let sum = whole.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        guard !whole.overflow, !sum.overflow else { return seconds < 0 ? .min : .max }
        return sum.partialValue
    }
}
