import Values

/// What one check of `writ doctor` found.
struct Finding {
    enum Status: String {
        case ok
        /// Worth knowing; nothing fails because of it now.
        case warning
        case problem
    }

    let check: String
    let status: Status
    let message: String
    /// What to do, where there is something.
    let fix: String?

    static func ok(_ check: String, _ message: String) -> Finding {
        Finding(check: check, status: .ok, message: message, fix: nil)
    }

    static func warning(_ check: String, _ message: String, fix: String) -> Finding {
        Finding(check: check, status: .warning, message: message, fix: fix)
    }

    static func problem(_ check: String, _ message: String, fix: String) -> Finding {
        Finding(check: check, status: .problem, message: message, fix: fix)
    }

    var json: JSON {
        var object: JSONMembers = [
            "check": .string(check), "status": .string(status.rawValue), "message": .string(message),
        ]
        object["fix"] = fix.map(JSON.string)
        return .object(object)
    }
}
