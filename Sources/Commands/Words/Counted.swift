extension String {
    /// So many of what this English word names: `1 session`, `2 sessions`.
    func counted(_ count: Int) -> String {
        "\(count) \(self)\(count == 1 ? "" : "s")"
    }
}
