import State

/// `?limit=&before=`
struct PageRequest: Sendable {
    static let parameters = ["limit", "before"]

    let limit: Int
    let before: String?

    init(_ query: Query) throws(Problem) {
        if let text = query["limit"] {
            guard let limit = Int(text), (1...500).contains(limit) else {
                throw Problem(400, "`limit` must be a number from 1 to 500")
            }
            self.limit = limit
        } else {
            limit = 50
        }
        before = query["before"]
    }

    var page: Page { Page(limit: limit, before: before) }
}
