import ArgumentParser
import Logging
import Values

/// Logs go to standard error: text on a terminal, one JSON object a line otherwise.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json

    static func start(_ format: LogFormat?, level: Logger.Level) {
        let chosen = format ?? (Terminal.isErrorTerminal ? .text : .json)
        let isColored = Terminal.isErrorTerminal && Environment["NO_COLOR"] == nil
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, format: chosen, isColored: isColored, level: level)
        }
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
