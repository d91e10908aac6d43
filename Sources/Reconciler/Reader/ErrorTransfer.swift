import Git
import Spec
import Values

/// Errors as data: those that callers tell apart come back as what they were.
enum ErrorTransfer {
    static func json(_ error: any Error) -> JSON {
        var object: JSONMembers = [:]
        switch error {
        case let error as GitError:
            object = ["type": "git", "code": .string(error.code.rawValue), "message": .string(error.message)]
            object["underlying"] = error.underlying.map(JSON.string)
        case SourceError.noDirectory(let path): object = ["type": "noDirectory", "path": .string(path)]
        case SourceError.noManifests(let path): object = ["type": "noManifests", "path": .string(path)]
        case SourceError.allLeftOut(let path, let count):
            object = ["type": "allLeftOut", "path": .string(path), "count": .number(JSONNumber(count))]
        case SourceError.tooLarge(let bytes, let limit):
            object = [
                "type": "tooLarge", "bytes": .number(JSONNumber(bytes)), "limit": .number(JSONNumber(limit)),
            ]
        case let error as ReaderError where error.code == .outOfTime:
            object = ["type": "outOfTime", "message": .string(error.message)]
        case let error as ReaderError where error.code == .overLimit:
            object = ["type": "overLimit", "message": .string(error.message)]
        default: object = ["type": "other", "message": .string("\(error)")]
        }
        return .object(object)
    }

    static func error(_ json: JSON) -> (any Error)? {
        let message = json["message"]?.string
        switch (json["type"]?.string, message) {
        case ("git", let message?):
            guard let code = json["code"]?.string.flatMap(GitError.Code.init(rawValue:)) else { return nil }
            return GitError(code, message, underlying: json["underlying"]?.string)
        case ("noDirectory", _): return json["path"]?.string.map(SourceError.noDirectory)
        case ("noManifests", _): return json["path"]?.string.map(SourceError.noManifests)
        case ("allLeftOut", _):
            guard let path = json["path"]?.string, let count = json["count"]?.int else { return nil }
            return SourceError.allLeftOut(path, count: count)
        case ("tooLarge", _):
            guard let bytes = json["bytes"]?.int, let limit = json["limit"]?.int else { return nil }
            return SourceError.tooLarge(bytes: bytes, limit: limit)
        case ("outOfTime", let message?): return ReaderError(.outOfTime, message)
        case ("overLimit", let message?): return ReaderError(.overLimit, message)
        case ("other", let message?): return ReaderError.Told(description: message)
        default: return nil
        }
    }
}
