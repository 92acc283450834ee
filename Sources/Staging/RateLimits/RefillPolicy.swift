/// How units come back that were used.
package enum RefillPolicy: String, Sendable, CaseIterable {
  /// One after the other, as with the real API: of 5 a minute, one every 12 s.
  case continuous
  /// All at once, a minute after the first was used: so what is let through in one burst can be counted to the request.
  case minute
}
