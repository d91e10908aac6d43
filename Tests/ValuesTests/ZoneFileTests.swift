import Testing

@testable import Values

/// TZif files, well formed and hostile (RFC 9636).
@Suite struct ZoneFileTests {
    /// A file of version 2 whose first block is empty, as `zic -b slim` writes them.
    private func file(
        transitions: [(Int64, UInt8)] = [], types: [(Int32, UInt8, UInt8)] = [(3_600, 0, 0)], names: String = "CET\0",
        footer: String = "\nCET-1\n", version: Character = "2"
    ) -> [UInt8] {
        func big(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        func header(_ counts: [Int]) -> [UInt8] {
            Array("TZif\(version)".utf8) + Array(repeating: 0, count: 15) + counts.flatMap { big(UInt32($0)) }
        }
        var bytes = header([0, 0, 0, 0, 1, 1]) + [0, 0, 0, 0, 0, 0, 0]
        bytes += header([0, 0, 0, transitions.count, types.count, names.utf8.count])
        bytes += transitions.flatMap { big($0.0) } + transitions.map(\.1)
        bytes += types.flatMap { big($0.0) + [$0.1, $0.2] }
        return bytes + Array(names.utf8) + Array(footer.utf8)
    }

    private func message(_ bytes: [UInt8]) -> String? {
        do {
            _ = try Zone(identifier: "Test/Zone", tzif: bytes)
            return nil
        } catch {
            return error.message
        }
    }

    @Test func `64-bit data is read, beyond what 32 bits hold`() throws {
        let zone = try Zone(
            identifier: "Test/Zone",
            tzif: file(
                transitions: [(-5_000_000_000, 0), (4_200_000_000, 1)], types: [(3_600, 0, 0), (7_200, 1, 4)],
                names: "CET\0EET\0", footer: "\nEET-2\n"))
        #expect(zone.offset(at: Instant(seconds: 4_199_999_999)) == 3_600)
        #expect(zone.offset(at: Instant(seconds: 4_200_000_000)) == 7_200)
        #expect(zone.abbreviation(at: Instant(seconds: 4_200_000_000)) == "EET")
    }

    @Test(
        "the footer's rule says what comes after the last transition",
        arguments: [
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01T00:00:00Z", 7_200),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-12-01T00:00:00Z", 3_600),
            ("<+03>-3", "2026-12-01T00:00:00Z", 10_800),
            ("<-0330>3:30:30", "2026-12-01T00:00:00Z", -12_630),
            ("XXX3YYY,J60/0,J300/0", "2028-03-01T03:00:00Z", -7_200),
            ("XXX3YYY,J60/0,J300/0", "2028-03-01T02:59:59Z", -10_800),
            ("XXX3YYY,59/0,299/0", "2028-02-29T03:00:00Z", -7_200),
            // RFC 9636 section 3.3.1: hours beyond a day, and daylight time all year.
            ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", 10_800),
            ("EST5EDT,0/0,J365/25", "2026-12-31T23:00:00Z", -14_400),
        ])
    func footers(rule: String, at text: String, offset: Int) throws {
        let zone = try Zone(identifier: "Test/Zone", tzif: file(footer: "\n\(rule)\n"))
        #expect(zone.offset(at: try instant(text)) == offset)
    }

    @Test(
        "a footer that is no rule is refused",
        arguments: [
            "CET", "C-1", "CET-25", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.1.0,M10.5.0",
            "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J5", "CET-1CEST,366,5",
            "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1 ",
            "<CET-1", "CET-1CEST,M3.5.0,M10.5.0,", ":Europe/Berlin", "CET-1:60", "CET--1",
        ])
    func badFooters(rule: String) {
        #expect(message(file(footer: "\n\(rule)\n"))?.contains("is not a POSIX TZ string") == true)
    }

    @Test func `a file that is cut short anywhere is refused`() throws {
        for bytes in [file(transitions: [(0, 0)]), try zoneBytes("Europe/Berlin"), try zoneBytes("Asia/Tokyo")] {
            #expect(message(bytes) == nil)
            for length in 0..<bytes.count {
                let message = message(Array(bytes.prefix(length)))
                #expect(message?.hasPrefix("time zone Test/Zone cannot be used: ") == true, "\(length) bytes")
            }
        }
    }

    @Test func `what is out of order or out of range is refused`() {
        #expect(message(Array("TZFI2".utf8) + file().dropFirst(5))?.contains("not in the TZif format") == true)
        #expect(message(file(version: "1"))?.contains("version") == true)
        #expect(message(file(transitions: [(5, 0), (5, 0)]))?.contains("out of order") == true)
        #expect(message(file(transitions: [(5, 0), (4, 0)]))?.contains("out of order") == true)
        #expect(message(file(transitions: [(.min, 0)]))?.contains("out of range") == true)
        #expect(message(file(transitions: [(5, 1)]))?.contains("not there") == true)
        #expect(message(file(types: [(100_000, 0, 0)]))?.contains("wrong offset") == true)
        #expect(message(file(types: [(.min, 0, 0)]))?.contains("wrong offset") == true)
        #expect(message(file(types: [(0, 2, 0)]))?.contains("flag") == true)
        #expect(message(file(types: [(0, 0, 9)]))?.contains("name") == true)
        #expect(message(file(types: []))?.contains("counts") == true)
        #expect(message(file(names: "CET"))?.contains("abbreviation") == true)
        #expect(message(file(names: "C\n\0"))?.contains("abbreviation") == true)
        #expect(message(file(footer: "CET-1"))?.contains("no footer") == true)
        #expect(message(file(footer: "\n" + String(repeating: "A", count: 300) + "\n"))?.contains("no footer") == true)
        #expect(message(Array(repeating: 0, count: 300_000))?.contains("over 256 KiB") == true)
    }

    @Test func `counts that promise gigabytes are refused before anything is read`() {
        for count in 0..<6 {
            var bytes = file()
            bytes.replaceSubrange((20 + count * 4)..<(24 + count * 4), with: [0xFF, 0xFF, 0xFF, 0xFF])
            #expect(message(bytes)?.contains("4294967295") == true)
        }
    }

    /// Whatever a byte is changed to, there is a zone or an error, and a zone answers.
    @Test func `no single wrong byte traps`() throws {
        let whole = try zoneBytes("Europe/Dublin")
        let cron = try CronExpression("30 1 29 2 *")
        var usable = 0
        for index in Array(0..<120) + Array((whole.count - 400)..<whole.count) {
            for value in [0, 0x7F, 0x80, 0xFF] as [UInt8] {
                var bytes = whole
                bytes[index] = value
                guard let zone = try? Zone(identifier: "Test/Zone", tzif: bytes) else { continue }
                usable += 1
                for at in [Int64.min, 0, 1_800_000_000, 20_000_000_000, Int64.max] {
                    let instant = Instant(seconds: at)
                    let next = cron.next(after: instant, in: zone)
                    #expect(next.map { $0 > instant } ?? true)
                    _ = zone.resolve(zone.localTime(at: instant))
                    _ = zone.nextTransition(after: instant)
                }
            }
        }
        #expect(usable > 100)
    }
}
