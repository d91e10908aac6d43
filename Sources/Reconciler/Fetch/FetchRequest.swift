import Git
import Values

/// What the process that fetches is asked to do: one line of JSON through its standard input, so that no secret stands
/// among its arguments or in its environment.
struct FetchRequest {
    /// As it was given.
    var url: String
    /// The directory of the cache.
    var cache: String
    var trustsOwner: Bool
    var limits: FetchLimits
    var credentials: FetchCredentials
    /// A file of certificates in the place of the system's.
    var certificates: String?
    /// Files of known hosts, as OpenSSH writes them.
    var knownHosts: [String]

    init(
        url: String, cache: String, trustsOwner: Bool, limits: FetchLimits, credentials: FetchCredentials,
        certificates: String?, knownHosts: [String]
    ) {
        self.url = url
        self.cache = cache
        self.trustsOwner = trustsOwner
        self.limits = limits
        self.credentials = credentials
        self.certificates = certificates
        self.knownHosts = knownHosts
    }

    var json: JSON {
        var object: JSONMembers = [
            "url": .string(url), "cache": .string(cache), "trustsOwner": .bool(trustsOwner), "limits": limits.json,
            "knownHosts": .array(knownHosts.map(JSON.string)),
        ]
        object["certificates"] = certificates.map(JSON.string)
        switch credentials {
        case .none: break
        case .token(let token): object["token"] = .string(token)
        case .key(let key): object["key"] = .string(key)
        case .agent: object["agent"] = true
        }
        return .object(object)
    }

    init?(_ json: JSON) {
        guard let url = json["url"]?.string, let cache = json["cache"]?.string,
            let trustsOwner = json["trustsOwner"]?.bool, let limits = json["limits"].flatMap({ FetchLimits($0) }),
            let knownHosts = json["knownHosts"]?.array
        else { return nil }
        let credentials: FetchCredentials =
            if let token = json["token"]?.string {
                .token(token)
            } else if let key = json["key"]?.string {
                .key(key)
            } else {
                json["agent"]?.bool == true ? .agent : .none
            }
        self.init(
            url: url, cache: cache, trustsOwner: trustsOwner, limits: limits, credentials: credentials,
            certificates: json["certificates"]?.string, knownHosts: knownHosts.compactMap(\.string))
    }
}

/// What the process that fetches says, a line each; the last one is `done` or `error`.
enum FetchMessage {
    case progress(FetchProgress)
    /// Another process fetches into the same cache.
    case waiting
    case done
    case error(any Error)

    var json: JSON {
        switch self {
        case .progress(let progress):
            let numbers = [
                progress.received, progress.objects, progress.bytes, progress.deltas, progress.resolved,
            ]
            return ["progress": .array(numbers.map { .number(JSONNumber($0)) })]
        case .waiting: return ["waiting": true]
        case .done: return ["done": true]
        case .error(let error): return ["error": ErrorTransfer.json(error)]
        }
    }

    init?(_ json: JSON) {
        guard let member = json.object?.first else { return nil }
        switch member.key {
        case "progress":
            let numbers = member.value.array?.compactMap(\.int) ?? []
            guard numbers.count == 5 else { return nil }
            var progress = FetchProgress()
            progress.received = numbers[0]
            progress.objects = numbers[1]
            progress.bytes = numbers[2]
            progress.deltas = numbers[3]
            progress.resolved = numbers[4]
            self = .progress(progress)
        case "waiting": self = .waiting
        case "done": self = .done
        case "error":
            guard let error = ErrorTransfer.error(member.value) else { return nil }
            self = .error(error)
        default: return nil
        }
    }
}
