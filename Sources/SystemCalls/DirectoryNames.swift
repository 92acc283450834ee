import Glibc
package import SystemPackage

/// Calls `body` with the name of each entry of a directory, `.` and `..` included, in no order.
package func forEachName(in directory: String, _ body: (String) -> Void) throws(Errno) {
  try visitNames(in: directory) { name in
    body(name)
    return true
  }
}

/// The names of entries of a directory that are not hidden, in no order. If there are more than `limit`, the rest of the directory is not read.
package func visibleNames(in directory: String, atMost limit: Int) throws(Errno) -> [String] {
  var names: [String] = []
  try visitNames(in: directory) { name in
    if name.utf8.first != UInt8(ascii: ".") { names.append(name) }
    return names.count < limit
  }
  return names
}

/// - Parameter visit: returns whether to go on.
private func visitNames(in directory: String, _ visit: (String) -> Bool) throws(Errno) {
  guard let stream = unsafe opendir(directory) else { throw Errno(rawValue: errno) }
  defer { unsafe closedir(stream) }
  while true {
    errno = 0
    guard let entry = unsafe readdir(stream) else {
      guard errno == 0 else { throw Errno(rawValue: errno) }
      return
    }
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
      unsafe $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { unsafe String(cString: $0) }
    }
    guard visit(name) else { return }
  }
}
