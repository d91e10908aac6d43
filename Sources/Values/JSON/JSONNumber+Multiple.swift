extension JSONNumber {
    /// Whether this is a whole multiple of `divisor`, exactly: 0.3 is one of 0.1. Nothing is a multiple of 0.
    package func isMultiple(of divisor: JSONNumber) -> Bool {
        if case .small(let value) = storage, case .small(let divisor) = divisor.storage {
            return divisor != 0 && value.magnitude % divisor.magnitude == 0
        }
        return decimal.isMultiple(of: divisor.decimal)
    }
}

extension JSONDecimal {
    fileprivate func isMultiple(of divisor: JSONDecimal) -> Bool {
        guard !divisor.digits.isEmpty else { return false }
        guard !digits.isEmpty else { return true }
        // Our digits do not end in zero, so a divisor with more tens cannot divide them.
        guard exponent >= divisor.exponent else { return false }
        let dividend = digits + [UInt8](repeating: 0, count: exponent - divisor.exponent)
        return Self.remainderIsZero(dividend, divisor.digits)
    }

    /// School division that keeps the remainder only. Both lengths are bounded by the longest literal.
    private static func remainderIsZero(_ dividend: [UInt8], _ divisor: [UInt8]) -> Bool {
        if divisor.count <= 18 {
            let divisor = divisor.reduce(0 as UInt64) { $0 * 10 + UInt64($1) }
            var rest: UInt64 = 0
            for digit in dividend { rest = (rest * 10 + UInt64(digit)) % divisor }
            return rest == 0
        }
        var rest: [UInt8] = []
        for digit in dividend {
            if !rest.isEmpty || digit != 0 { rest.append(digit) }
            while isAtLeast(rest, divisor) { rest = difference(rest, divisor) }
        }
        return rest.isEmpty
    }

    private static func isAtLeast(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count ? !left.lexicographicallyPrecedes(right) : left.count > right.count
    }

    /// `left - right`, where `left` is not the smaller one; without leading zeros.
    private static func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var result = left
        var borrow = 0
        for place in 0..<left.count {
            let index = left.count - 1 - place
            let other = place < right.count ? Int(right[right.count - 1 - place]) : 0
            let digit = Int(left[index]) - other - borrow
            borrow = digit < 0 ? 1 : 0
            result[index] = UInt8(digit < 0 ? digit + 10 : digit)
        }
        return Array(result.drop { $0 == 0 })
    }
}
