/// What rules look at in a request.
package struct RuleSubject: Sendable {
  /// The path that was asked for.
  package var route: String
  package var key: String?
  /// The rest is nil for requests that make no images.
  package var model: String?
  package var size: String?
  package var prompt: String?

  package init(route: String, key: String? = nil, model: String? = nil, size: String? = nil, prompt: String? = nil) {
    self.route = route
    self.key = key
    self.model = model
    self.size = size
    self.prompt = prompt
  }

  package var makesImages: Bool { prompt != nil }
}
