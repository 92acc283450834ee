/// Reads the dates of HTTP headers, in all three formats that a server must accept (RFC 9110, section 5.6.7):
///
/// ```
/// Sun, 06 Nov 1994 08:49:37 GMT      the usual one
/// Sunday, 06-Nov-94 08:49:37 GMT     RFC 850
/// Sun Nov  6 08:49:37 1994           asctime
/// ```
struct HTTPDate: Equatable {
  /// Seconds since 1970.
  let seconds: Int64

  init(seconds: Int64) { self.seconds = seconds }

  /// - Parameters:
  ///   - text: one date, with nothing around it but blanks.
  ///   - now: seconds since 1970. A year of two digits lies at most 50 years after it.
  /// - Returns: nil if the text is not a valid date. The name of the day need not fit it.
  init?(_ text: some StringProtocol, now: Int64) {
    var reader = Reader(rest: Substring(text).utf8.trimmingBlanks)
    guard let parts = Self.commaFormat(&reader, now: now) ?? Self.asctime(&reader), reader.rest.isEmpty else { return nil }
    guard let days = Self.days(parts.year, parts.month, parts.day) else { return nil }
    seconds = days * 86_400 + parts.time
  }

  private typealias Parts = (year: Int64, month: Int64, day: Int64, time: Int64)

  private static func commaFormat(_ reader: inout Reader, now: Int64) -> Parts? {
    let start = reader
    if reader.take(oneOf: dayNames) != nil, reader.take(", "), let day = reader.number(2), reader.take(" "),
      let month = reader.take(oneOf: monthNames), reader.take(" "), let year = reader.number(4), reader.take(" "),
      let time = reader.time(), reader.take(" GMT")
    {
      return (year, Int64(month) + 1, day, time)
    }
    reader = start
    if reader.take(oneOf: longDayNames) != nil, reader.take(", "), let day = reader.number(2), reader.take("-"),
      let month = reader.take(oneOf: monthNames), reader.take("-"), let year = reader.number(2), reader.take(" "),
      let time = reader.time(), reader.take(" GMT")
    {
      return (fullYear(year, now: now), Int64(month) + 1, day, time)
    }
    reader = start
    return nil
  }

  private static func asctime(_ reader: inout Reader) -> Parts? {
    guard reader.take(oneOf: dayNames) != nil, reader.take(" "), let month = reader.take(oneOf: monthNames), reader.take(" "),
      let day = reader.take(" ") ? reader.number(1) : reader.number(2), reader.take(" "), let time = reader.time(), reader.take(" "),
      let year = reader.number(4)
    else { return nil }
    return (year, Int64(month) + 1, day, time)
  }

  /// A year that would be more than 50 years in the future is the latest past one with these digits.
  private static func fullYear(_ digits: Int64, now: Int64) -> Int64 {
    let thisYear = 1970 + now / 31_556_952
    let year = thisYear / 100 * 100 + digits
    return year > thisYear + 50 ? year - 100 : year
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar; nil if there is no such day. Counts the days of whole years that begin in
  /// March, so that a leap day is the last of its year.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), day >= 1, day <= lengths[Int(month) - 1] else { return nil }
    let (years, months) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
    // From 0000-03-01; 719,468 days lie between that and 1970-01-01. The year before 0 is rounded down too.
    let era = years >= 0 ? years / 400 : -1
    let yearOfEra = years - era * 400
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + (153 * months + 2) / 5 + day - 1 - 719_468
  }

  private static let dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let longDayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
  private static let monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private struct Reader {
    var rest: Substring.UTF8View

    mutating func take(_ literal: String) -> Bool {
      guard rest.starts(with: literal.utf8) else { return false }
      rest = rest.dropFirst(literal.utf8.count)
      return true
    }

    mutating func take(oneOf names: [String]) -> Int? { names.firstIndex { take($0) } }

    /// A number of exactly that many digits.
    mutating func number(_ digits: Int) -> Int64? {
      let text = rest.prefix(digits)
      guard text.count == digits, text.allSatisfy({ (48...57).contains($0) }) else { return nil }
      rest = rest.dropFirst(digits)
      return text.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    /// `08:49:37` in seconds. A leap second is the first of the next minute.
    mutating func time() -> Int64? {
      guard let hours = number(2), take(":"), let minutes = number(2), take(":"), let seconds = number(2) else { return nil }
      guard hours < 24, minutes < 60, seconds <= 60 else { return nil }
      return hours * 3600 + minutes * 60 + seconds
    }
  }
}
