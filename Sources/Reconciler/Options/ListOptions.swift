import ArgumentParser
import State

/// Which part of a list: newest first.
struct ListOptions: ParsableArguments {
    @Option(help: "How many, at most 500")
    var limit = 50

    @Option(help: ArgumentHelp("Go on where the last page ended", valueName: "cursor"))
    var before: String?

    var page: Page {
        get throws {
            guard (1...500).contains(limit) else { throw CommandFailure("--limit \(limit) is not between 1 and 500") }
            return Page(limit: limit, before: before)
        }
    }
}
