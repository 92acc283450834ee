/// What the path of a request says: the part of the server, the route, and the profile if the path selects one.
struct RequestAddress: Sendable, Equatable {
  /// The name in `/profiles/<name>/…`, for clients in which only a base URL can be set; nil if there is none.
  private(set) var profile: String?
  /// The path by which the route is found, and which rules match: the client's without the profile, and with `/v1` for the addresses that mean
  /// the same.
  private(set) var path: String
  /// Whether production does not know the address, so that only a profile that is not strict serves it.
  private(set) var isUnofficial = false
  /// Whether it is one of Azure's.
  let isAzure: Bool
  private(set) var surface: Surface

  /// The part of the server that a path belongs to.
  enum Surface: Sendable {
    /// The API proper, which requires keys and reports limits.
    case api
    /// The mock's own routes.
    case own
    /// Images by their URLs.
    case images
    /// Health, and unknown paths.
    case other

    fileprivate init(_ path: String) {
      // Production knows no path with a superfluous slash, but refuses it as a part of its API.
      let meant = path.hasPrefix("//") ? "/" + path.drop { $0 == "/" } : path
      if meant.hasPrefix("/v1/") || meant.hasPrefix("/openai/") {
        self = .api
      } else if meant.hasPrefix("/_fakeai") || meant == "/metrics" {
        self = .own
      } else {
        self = path.hasPrefix(RequestAddress.images) ? .images : .other
      }
    }
  }

  /// - Parameter path: as the client sent it.
  init(_ path: String) {
    self.path = path
    surface = .images
    // Most requests are for images, which have one address only.
    guard !path.hasPrefix(Self.images) || Self.isWithoutVersion(path) else {
      isAzure = false
      return
    }
    if let (name, rest) = Self.profile(in: path) { (profile, self.path) = (name, rest) }
    isAzure = self.path.hasPrefix("/openai/")
    if self.path.hasPrefix(Self.azure) {
      self.path = "/v1/" + self.path.dropFirst(Self.azure.count)
    } else if let rest = Self.withoutAzure(self.path) {
      self.path = "/v1" + rest
    } else if Self.isWithoutVersion(self.path) {
      self.path = "/v1" + self.path
      isUnofficial = true
    }
    if Self.inventions.contains(self.path) { isUnofficial = true }
    // A person may type either.
    if self.path == OverviewEndpoint.path + "/" { self.path = OverviewEndpoint.path }
    surface = Surface(self.path)
    // The mock's own routes and images have no profile.
    if profile != nil, surface != .api {
      (profile, self.path) = (nil, path)
      surface = Surface(path)
    }
  }

  fileprivate static let images = "/images/"

  /// The mock's own additions to the API.
  private static let inventions = ["/v1/images/upscales"]

  private static let prefix = "/profiles/"
  /// Azure's API since August 2025 has the paths of OpenAI's, after this one.
  private static let azure = "/openai/v1/"

  /// Azure's older address for routes that belong to no deployment.
  private static func withoutAzure(_ path: String) -> Substring? {
    let prefix = "/openai"
    guard path.hasPrefix(prefix), isTopic(path.utf8.dropFirst(prefix.utf8.count)) else { return nil }
    return path.dropFirst(prefix.count)
  }

  /// Whether a path is that of one of these, or below. Bytes are compared, because this is asked of every request, and finding the letters of a
  /// path takes ten times as long.
  private static func isTopic(_ path: Substring.UTF8View) -> Bool {
    guard path.first == slash else { return false }
    let first = path.dropFirst().prefix { $0 != slash }
    return topics.contains { $0.elementsEqual(first) }
  }

  private static let slash = UInt8(ascii: "/")
  private static let topics = ["files", "batches", "responses", "uploads"].map { Array($0.utf8) }

  private static func profile(in path: String) -> (String, rest: String)? {
    guard path.hasPrefix(prefix), let slash = path.dropFirst(prefix.count).firstIndex(of: "/") else { return nil }
    return (String(path[..<slash].dropFirst(prefix.count)), String(path[slash...]))
  }

  /// The paths that a client requests whose base URL lacks `/v1`.
  private static func isWithoutVersion(_ path: String) -> Bool {
    switch path {
    case "/images/generations", "/images/edits", "/images/variations", "/images/upscales", "/models": true
    default: path.hasPrefix("/models/") || isTopic(path.utf8[...])
    }
  }
}
