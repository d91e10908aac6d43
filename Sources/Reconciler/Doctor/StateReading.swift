/// Reads of the state by the doctor: what cannot be read is a finding, and the other checks go on without it.
struct StateReading {
    private(set) var findings: [Finding] = []

    mutating func value<Value>(_ read: () throws -> Value) -> Value? {
        do {
            return try read()
        } catch {
            let message = "\(error)"
            if !findings.contains(where: { $0.message == message }) {
                findings.append(
                    .problem(
                        "state", message,
                        fix: "stop writ, keep a copy of the file with its -wal, and restore a backup"
                            + " (`writ restore FILE`)"))
            }
            return nil
        }
    }
}
