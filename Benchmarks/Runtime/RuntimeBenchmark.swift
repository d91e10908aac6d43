import Foundation

/// Measures parts of the runtime by themselves; Scripts/bench-runtime.sh runs it. Each figure is a line on standard
/// output: a name, a tab, a number.
@main
struct RuntimeBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let rest = Array(arguments.dropFirst())
        switch arguments.first {
        case "cron": try CronBenchmark.run()
        case "claims": try ClaimBenchmark.run(waiting: number(rest, 0) ?? 100)
        case "apply-schedules" where rest.count == 2:
            try ScheduleBenchmark.apply(count: number(rest, 0) ?? 100_000, in: rest[1])
        case "schedules" where rest.count == 1: try await ScheduleBenchmark.run(in: rest[0])
        case "inbox":
            try await InboxBenchmark.run(port: number(rest, 0) ?? 0, isWriting: !rest.contains("--without-write"))
        default:
            FileHandle.standardError.write(
                Data(
                    ("usage: RuntimeBenchmark cron | claims N | apply-schedules N DIR | schedules DIR"
                        + " | inbox PORT [--without-write]\n").utf8))
            exit(1)
        }
    }

    private static func number(_ arguments: [String], _ place: Int) -> Int? {
        arguments.indices.contains(place) ? Int(arguments[place]) : nil
    }

    static func tell(_ name: String, _ value: Double) {
        print("\(name)\t\(value)")
        // Whoever waits for it reads through a pipe or a file.
        fflush(nil)
    }
}
