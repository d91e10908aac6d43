import Apply
import ArgumentParser
import Values

/// What a command may say beside its result.
struct ScreenOptions: ParsableArguments {
    @Flag(help: "No colours (NO_COLOR, WRIT_NO_COLOR)")
    var noColor = false

    @Flag(name: .shortAndLong, help: "Say nothing but results and errors (WRIT_QUIET)")
    var quiet = false
}

/// Options with those of the screen among them.
protocol OutputStyle {
    var screen: ScreenOptions { get }
}

extension OutputStyle {
    var isColored: Bool {
        !screen.noColor && Environment["NO_COLOR"] == nil && !Environment.isSet("WRIT_NO_COLOR")
            && Terminal.isOutputTerminal
    }

    var paint: Paint { Paint(isOn: isColored) }

    var isQuiet: Bool { screen.quiet || Environment.isSet("WRIT_QUIET") }

    func talk(_ text: String) {
        if !isQuiet { Terminal.talk(text) }
    }

    func print(_ json: JSON) {
        Terminal.result(json.shownText)
    }

    /// Does work that may take long, and says so on a terminal.
    func working<Result>(_ what: String, _ work: () throws -> Result) rethrows -> Result {
        guard !isQuiet, Terminal.isErrorTerminal else { return try work() }
        let line = ProgressLine(what)
        defer { line.end() }
        return try work()
    }
}
