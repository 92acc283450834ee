import Glibc

extension FontStack {
  /// Has the system read every fallback font into its page cache, without waiting for it: the first prompt in a script would otherwise wait
  /// for the disk, which takes longer than all of its drawing.
  ///
  /// With all of Debian's fonts that are 47 MB of cache, which the system takes back as it likes.
  package static func readAhead(in folders: [String] = FontFile.usualFolders) {
    for file in FontFile.all {
      for folder in folders where readAhead("\(folder)/\(file.name)") { break }
    }
  }

  /// - Returns: false where there is no such file.
  private static func readAhead(_ path: String) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return false }
    // Of a longer stretch, Linux reads the beginning only.
    for start in stride(from: 0, to: min(Int(status.st_size), mostBytes), by: stretch) {
      posix_fadvise(descriptor, off_t(start), off_t(stretch), POSIX_FADV_WILLNEED)
    }
    return true
  }

  /// Linux's usual readahead.
  private static let stretch = 128 << 10
  /// Of a font file; the largest is of 19 MB.
  private static let mostBytes = 64 << 20
}

extension FontFile {
  /// All that a text may need besides the first typeface.
  fileprivate static var all: Set<FontFile> { Set(notoFamilies.values.map(noto)).union(general).union([.emoji]) }
}
