import Apply
import ArgumentParser
import Server
import State
import Values

struct PrintBaseline: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Write what others need to plan against this state with no access to it.",
        discussion: """
            The object that `writ serve` answers at /api/v1/baseline, for `writ plan --baseline FILE`: ids, digests, \
            cursors and recent events with their values hashed; no spec's values and no secrets.
            """)

    @Argument(help: "Where to; standard output without it.")
    var file: String?

    @Option(help: ArgumentHelp("How many recorded events are told of, newest first", valueName: "n"))
    var events = Baseline.events

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        guard (0...Baseline.eventLimit).contains(events) else {
            throw ValidationError("--events takes a number up to \(Baseline.eventLimit)")
        }
    }

    func run() throws {
        let reader = try RecordedState.open(source, state).reader
        let salt = BaselineRoutes.randomSalt()
        guard let baseline = try Baseline(reader, at: SystemTime.now(), events: events, salt: salt) else {
            throw CommandFailure("nothing was applied yet: there is nothing to plan against")
        }
        if let file {
            try TextFile.write(baseline.json.canonicalBytes + [UInt8(ascii: "\n")], to: file, what: "the baseline")
        } else {
            Terminal.result(baseline.json.shownText)
        }
    }
}
