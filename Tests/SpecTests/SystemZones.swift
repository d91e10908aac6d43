import Foundation
import Values

extension ZoneDatabase {
    /// The zones of this machine.
    static let system = ZoneDatabase { name in
        FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)").map { Array($0) }
    }
}
