/// Bounds what is kept of all manifests with mistakes together: beyond it, each may be anything.
struct ReadableBudget {
    /// Many times what is compared.
    private var left = 4 << 20

    mutating func bound(_ file: inout SourceFile) {
        for index in file.unsound.indices {
            guard let size = file.unsound[index].content?.size else { continue }
            if size > left { file.unsound[index].content = nil } else { left -= size }
        }
    }
}
