import CSQLiteFiles
import GRDB

extension StateError {
    /// Makes one of our errors of whatever came out of GRDB.
    ///
    /// - Parameter purpose: what was being done, as in `recording an event`
    init(_ error: any Error, while purpose: String) {
        switch error {
        case let error as StateError:
            self = error
        case let error as DatabaseError:
            self.init(error, while: purpose)
        case let error as RowDecodingError:
            self.init(
                .damaged, "a row of the state is malformed (\(purpose)): restore a backup with `writ restore FILE`",
                underlying: Self.firstLine(error.description))
        default:
            self.init(.other, "\(purpose) failed", underlying: Self.firstLine("\(error)"))
        }
    }

    /// SQLite's message alone: the statement and its arguments, which hold what is stored, stay out.
    private init(_ error: DatabaseError, while purpose: String) {
        let words = error.message.map { Self.firstLine($0) }
        let name = "SQLite \(error.extendedResultCode.rawValue)"
        let underlying = words.map { "\(name): \($0)" } ?? name
        let (code, message): (Code, String) =
            switch error.resultCode {
            case .SQLITE_FULL:
                (.full, "\(purpose) failed because the disk is full: free some space; nothing was changed")
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                (.busy, "\(purpose) failed because another program keeps the state locked: find it and end it")
            case .SQLITE_IOERR
            where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
                || error.extendedResultCode.rawValue == WRIT_SQLITE_IOERR_UNWRITTEN:
                // The index of the log cannot grow on a full disk, or the log could not before it was read again.
                (.full, "\(purpose) failed because the disk is full: free some space; nothing was changed")
            case .SQLITE_INTERRUPT:
                (.tooSlow, "\(purpose) took too long and was given up: ask for less at a time")
            case .SQLITE_IOERR:
                (.io, "\(purpose) failed because the disk did: see the system's log, then start writ again")
            case .SQLITE_CORRUPT:
                (.damaged, "\(purpose) failed because the state is damaged: restore a backup with `writ restore FILE`")
            case .SQLITE_NOTADB:
                (
                    .notState,
                    "\(purpose) failed because the file is not a SQLite database: if it was one, restore a backup with"
                        + " `writ restore FILE`"
                )
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
                (.readOnly, "\(purpose) failed because the state's file or directory cannot be written")
            case .SQLITE_TOOBIG:
                (.tooLarge, "\(purpose) failed because it is too large")
            case .SQLITE_NOMEM:
                (.outOfMemory, "\(purpose) failed because there is no memory left: give the process more")
            case .SQLITE_CONSTRAINT:
                (.conflict, "\(purpose) contradicts what is recorded; nothing was changed")
            default:
                (.other, "\(purpose) failed")
            }
        self.init(code, message, underlying: underlying)
    }

    private static func firstLine(_ text: String) -> String {
        String(text.prefix { !$0.isNewline }.prefix(300))
    }
}
