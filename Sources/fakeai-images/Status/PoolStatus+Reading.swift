extension PoolStatus {
  /// - Returns: nil where there is no such store.
  static func read(_ settings: Settings) throws -> PoolStatus? { nil }
}
