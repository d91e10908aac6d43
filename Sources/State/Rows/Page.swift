import GRDB

/// Which part of a list is asked for. Lists are newest first.
package struct Page: Sendable, Hashable {
    /// 1 to 500.
    package let limit: Int
    /// `next` of the page before this one.
    package let before: String?

    package init(limit: Int = 50, before: String? = nil) {
        self.limit = min(max(limit, 1), 500)
        self.before = before
    }

    /// The first number that is on a later page.
    fileprivate func end() throws(StateError) -> Int64 {
        guard let before else { return .max }
        guard before.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            let number = Int64(before), number > 0
        else {
            throw StateError(
                .badCursor, "this is not the cursor of a page: give `next` of the page before as it was, or none")
        }
        return number
    }
}

/// A part of a list.
package struct PageOf<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Asks for what comes after; `nil` at the end. Rows that arrive meanwhile change nothing about it.
    package let next: String?

    package init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }
}

extension Database {
    /// A page of the rows of `table` for which all conditions hold, the highest `key` first.
    func page<Item>(
        _ page: Page, of columns: String = "*", from table: String, key: String = "seq",
        where conditions: [String] = [],
        _ arguments: Arguments = [:], item: (Row) throws -> Item
    ) throws -> PageOf<Item> {
        let condition = (["\(key) < :pageEnd"] + conditions).joined(separator: " AND ")
        let rows = try rows(
            "SELECT \(columns) FROM \(table) WHERE \(condition) ORDER BY \(key) DESC LIMIT :pageLimit",
            arguments.merging(["pageEnd": page.end(), "pageLimit": page.limit + 1]) { _, own in own })
        let items = rows.prefix(page.limit)
        let last: Int64? = try rows.count > page.limit ? items.last?.get(key) : nil
        return PageOf(items: try items.map(item), next: last.map { String($0) })
    }
}
