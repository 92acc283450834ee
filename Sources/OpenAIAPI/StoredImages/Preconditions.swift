import FastCGI
import SystemCalls

extension Request {
  /// Whether there are ``Preconditions``; most requests have none.
  var isConditional: Bool { hasHeader(startingWith: "If-") }
}

/// The conditional headers of a GET or HEAD request, and their effect on a representation (RFC 9110, section 13).
struct Preconditions {
  enum Outcome: Equatable {
    case proceed
    /// 304: the client has this version.
    case notModified
    /// 412: the client asked only for another version.
    case failed
  }

  private let tag: EntityTag
  private let modified: HTTPDate
  private let request: Request
  /// Seconds since 1970.
  private let now: Int64

  /// - Parameters:
  ///   - tag: that of the representation, which is strong.
  ///   - modified: when it was last modified, in nanoseconds since 1970. The condition of a header sees whole seconds, as Last-Modified does.
  ///   - now: in nanoseconds since 1970.
  init(tag: EntityTag, modified: Int64, request: Request, now: Int64) {
    (self.tag, self.request) = (tag, request)
    self.modified = HTTPDate(seconds: modified / WallClock.nanosecondsPerSecond)
    self.now = now / WallClock.nanosecondsPerSecond
  }

  /// In the order of section 13.2.2. A header with dates counts only if there is none with tags, and an invalid date does not count.
  var outcome: Outcome {
    if let wanted = tags("If-Match") {
      guard wanted.contains(where: tag.isStronglyEqual(to:)) else { return .failed }
    } else if let limit = date("If-Unmodified-Since"), modified.seconds > limit.seconds {
      return .failed
    }
    if let known = tags("If-None-Match") { return known.contains(where: tag.isWeaklyEqual(to:)) ? .notModified : .proceed }
    guard let known = date("If-Modified-Since") else { return .proceed }
    return modified.seconds <= known.seconds ? .notModified : .proceed
  }

  /// Whether If-Range, if it is there, names this version: by a strong tag, or by exactly its Last-Modified (section 13.1.5). As an image
  /// never changes, that date is a strong validator too (section 8.8.2.2).
  var allowsRange: Bool {
    guard let condition = request.header("If-Range") else { return true }
    if let tag = EntityTag(condition) { return self.tag.isStronglyEqual(to: tag) }
    return HTTPDate(condition, now: now) == modified
  }

  /// nil if the header is missing or empty: nginx's cache cannot distinguish these.
  private func tags(_ header: String) -> EntityTagList? {
    request.headerList(header).flatMap { $0.utf8.allSatisfy(\.isBlank) ? nil : EntityTagList($0) }
  }

  private func date(_ header: String) -> HTTPDate? { request.header(header).flatMap { HTTPDate($0, now: now) } }
}
