import Values

/// How many times of schedules are computed in a second, on one core, in a zone whose clocks change.
enum CronBenchmark {
    private static let expressions = [
        "*/5 * * * *", "0 * * * *", "30 6 * * *", "15 6 * * mon-fri", "0 0 1 * *", "0 9-17/2 * * 1-5",
    ]
    private static let times = 300_000

    static func run() throws {
        let zone = try BenchmarkState.zones.zone(named: "Europe/Berlin")
        var all = 0
        let clock = ContinuousClock()
        var total = Duration.zero
        for text in expressions {
            let cron = try CronExpression(text)
            var instant = Instant(seconds: 1_767_225_600)
            var count = 0
            let elapsed = clock.measure {
                while count < times {
                    // Within the years in which zones have rules: a monthly schedule begins anew.
                    guard let next = cron.next(after: instant, in: zone), next.seconds < 4_102_444_800 else {
                        instant = Instant(seconds: 1_767_225_600)
                        continue
                    }
                    instant = next
                    count += 1
                }
            }
            total += elapsed
            all += count
        }
        RuntimeBenchmark.tell("cron", Double(all) / (total / .seconds(1)))
    }
}
