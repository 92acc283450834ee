import ArgumentParser
import Simulation

extension SettingSyntax where Value == String {
  static var storeName: Self {
    Self(
      placeholder: "name",
      allowed: "1 to 32 of a-z, 0-9 and -",
      parse: { text in
        let isName = (1...32).contains(text.utf8.count) && text.utf8.allSatisfy { $0.isDigit || $0.isLowercaseLetter || $0 == .hyphen }
        return isName ? text : nil
      },
      text: { $0 })
  }

  /// `YYYY-MM-DD HH:MM:SS`, each part within its bounds.
  static var timestamp: Self {
    Self(
      placeholder: "time",
      allowed: "a time as YYYY-MM-DD HH:MM:SS",
      parse: { isTimestamp($0) ? $0 : nil },
      text: { $0 })
  }

  static var path: Self {
    Self(
      placeholder: "path",
      allowed: "the path of a regular file that can be read",
      parse: { path in SettingFile.isReadable(path) ? path : nil },
      text: { $0 },
      completion: .file())
  }

  /// A file that may not exist yet.
  static var filePath: Self { Self(placeholder: "path", allowed: "a path", parse: { $0 }, text: { $0 }, completion: .file()) }

  static var directoryPath: Self { Self(placeholder: "path", allowed: "a path", parse: { $0 }, text: { $0 }, completion: .directory) }

  static var templateName: Self {
    Self(
      placeholder: "name", allowed: "the name of a template of 1 to \(TemplateChoice.longestName) bytes, or none",
      parse: { name in (1...TemplateChoice.longestName).contains(name.utf8.count) ? name : nil }, text: { $0 })
  }

  static var existingDirectory: Self {
    Self(
      placeholder: "path",
      allowed: "the path of a directory that can be read",
      parse: { path in SettingFile.isReadableDirectory(path) ? path : nil },
      text: { $0 },
      completion: .directory)
  }

  private static func isTimestamp(_ text: String) -> Bool {
    let shape = "0000-00-00 00:00:00"
    guard text.utf8.count == shape.utf8.count else { return false }
    let hasShape = zip(text.utf8, shape.utf8).allSatisfy { $1 == .zero ? $0.isDigit : $0 == $1 }
    guard hasShape else { return false }
    let parts = text.split { !$0.isNumber }.compactMap { Int($0) }
    let bounds = [0...9999, 1...12, 1...31, 0...23, 0...59, 0...59]
    return zip(parts, bounds).allSatisfy { $1.contains($0) }
  }
}

extension UInt8 {
  fileprivate static let hyphen = UInt8(ascii: "-")
  fileprivate static let zero = UInt8(ascii: "0")
  fileprivate var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
}
