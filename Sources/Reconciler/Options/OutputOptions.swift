import Apply
import ArgumentParser
import Values

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// How results are written.
struct OutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "text or json (WRIT_OUTPUT)")
    var output: OutputFormat?

    @Flag(help: "No colours (NO_COLOR, WRIT_NO_COLOR)")
    var noColor = false

    @Flag(name: .shortAndLong, help: "Say nothing but results and errors (WRIT_QUIET)")
    var quiet = false

    var isJSON: Bool {
        get throws {
            if let output { return output == .json }
            guard let text = Environment["WRIT_OUTPUT"] else { return false }
            guard let format = OutputFormat(rawValue: text) else {
                throw CommandFailure("WRIT_OUTPUT is \(text); write text or json")
            }
            return format == .json
        }
    }

    var isColored: Bool {
        !noColor && Environment["NO_COLOR"] == nil && !Environment.isSet("WRIT_NO_COLOR") && Terminal.isOutputTerminal
    }

    var paint: Paint { Paint(isOn: isColored) }

    var isQuiet: Bool { quiet || Environment.isSet("WRIT_QUIET") }

    func talk(_ text: String) {
        if !isQuiet { Terminal.talk(text) }
    }

    func print(_ json: JSON) {
        Terminal.result(json.prettyText)
    }
}
