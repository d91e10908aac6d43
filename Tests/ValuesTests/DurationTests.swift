import Testing
import Values

@Suite struct DurationTests {
    @Test(
        "durations are read as manifests write them",
        arguments: [
            ("30s", 30_000), ("5m", 300_000), ("1h30m", 5_400_000), ("7d", 604_800_000), ("500ms", 500),
            ("1d2h3m4s5ms", 93_784_005), ("0s", 0), ("90m", 5_400_000), ("007s", 7_000), ("1m5ms", 60_005),
            ("9223372036854775807ms", Int64.max),
        ] as [(String, Int64)])
    func reads(text: String, milliseconds: Int64) {
        #expect(Duration(manifest: text) == .milliseconds(milliseconds))
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "5", "m", "5 m", " 5m", "5m ", "-5m", "+5m", "1.5h", "1h1h", "30m1h", "5M", "5min", "5w", "1h30", "５m",
            "9223372036854775808ms", "9223372036854775807s", "106751991168d", "106751991167d9223372036854775807ms",
            "99999999999999999999d", "5m\u{0}", "PT5M",
        ])
    func refuses(text: String) {
        #expect(Duration(manifest: text) == nil)
    }

    @Test(
        "there is one way to write a duration",
        arguments: [
            (Duration.seconds(5_400), "1h30m"), (.seconds(86_400), "1d"), (.zero, "0s"),
            (.milliseconds(1_001), "1s1ms"), (.seconds(-90), "-1m30s"), (.nanoseconds(999), "0s"),
            (.milliseconds(Int64.min), "-106751991167d7h12m55s808ms"),
        ])
    func writes(duration: Duration, text: String) {
        #expect(duration.manifestText == text)
    }

    @Test func `what is written is read again`() {
        for amount in [0, 1, 999, 1_000, 59_999, 60_000, 86_400_000, 123_456_789_012, Int64.max] {
            let duration = Duration.milliseconds(amount)
            #expect(Duration(manifest: duration.manifestText) == duration)
        }
    }

    @Test func `milliseconds stop at the ends`() {
        #expect(Duration.seconds(Int64.max).milliseconds == .max)
        #expect(Duration.seconds(Int64.min).milliseconds == .min)
        #expect(Duration.microseconds(-1_999).milliseconds == -1)
    }
}
