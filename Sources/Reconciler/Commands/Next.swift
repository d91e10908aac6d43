import ArgumentParser
import Spec
import Values

struct Next: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next", abstract: "Show when a cron expression fires.",
        discussion: "By the rules of Debian's cron, as schedules do: writ next '30 2 * * *' --time-zone Europe/Berlin")

    @Argument(help: "Five fields, in quotes.")
    var cron: String

    @Option(help: ArgumentHelp("IANA name", valueName: "zone"))
    var timeZone = "UTC"

    @Option(help: ArgumentHelp("RFC 3339 (default now)", valueName: "instant"))
    var after: String?

    @Option(help: "How many times, at most 1000")
    var count = 5

    @OptionGroup var output: OutputOptions

    func run() throws {
        guard (1...1_000).contains(count) else { throw CommandFailure("--count \(count) is not between 1 and 1000") }
        let zone = try SystemZones.database.zone(named: timeZone)
        let expression: CronExpression
        do {
            expression = try CronExpression(cron)
        } catch {
            throw CommandFailure("\(error.message)")
        }
        var instant = try start()
        var times: [String] = []
        while times.count < count, let next = expression.next(after: instant, in: zone) {
            times.append(next.rfc3339(in: zone))
            instant = next
        }
        if try output.isJSON {
            output.print(["formatVersion": "1", "times": .array(times.map(JSON.string))])
        } else {
            Terminal.result(times.joined(separator: "\n"))
        }
    }

    private func start() throws -> Instant {
        guard let after else { return SystemTime.now() }
        guard let instant = Instant(rfc3339: after) else {
            throw CommandFailure("--after \(quoted(after)) is not an instant: write it as 2026-01-31T09:00:00Z")
        }
        return instant
    }
}
