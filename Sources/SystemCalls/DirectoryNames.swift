import Glibc
package import SystemPackage

/// Calls `body` with the name of each entry of a directory, `.` and `..` included, in no order.
package func forEachName(in directory: String, _ body: (String) -> Void) throws(Errno) {
  guard let stream = unsafe opendir(directory) else { throw Errno(rawValue: errno) }
  defer { unsafe closedir(stream) }
  while true {
    errno = 0
    guard let entry = unsafe readdir(stream) else {
      guard errno == 0 else { throw Errno(rawValue: errno) }
      return
    }
    unsafe withUnsafePointer(to: &entry.pointee.d_name) {
      unsafe $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { body(unsafe String(cString: $0)) }
    }
  }
}
