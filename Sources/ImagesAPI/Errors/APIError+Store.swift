import ImageStore

extension APIError {
  /// How a store that takes no image shows to a client.
  init(_ error: StoreError) {
    self =
      switch error {
      case .tooLarge: APIError(413, error.description, type: .server, code: "image_too_large")
      case .full: APIError(507, error.description, type: .server, code: "image_store_full")
      case .busy, .removed: APIError(503, error.description, type: .unavailable, code: "image_store_unavailable", retryAfter: .seconds(1))
      }
  }
}
