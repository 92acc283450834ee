import FastCGI

extension ImagesService {
  /// The header by which one request asks for another profile than the configured one.
  static let profileHeader = "X-FakeAI-Profile"

  /// Whose rules apply to the request.
  func profile(for request: Request) throws(APIError) -> Profile {
    guard let name = request.header(Self.profileHeader) else { return configuration.profile }
    guard let profile = Profile(rawValue: name) else { throw .unknownProfile(name) }
    return profile
  }
}
