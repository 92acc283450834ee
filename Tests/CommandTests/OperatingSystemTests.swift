import Glibc
import SystemPackage
import Testing

@testable import SystemCalls
@testable import fakeai_images

@Suite struct OperatingSystemTests {
  @Test func `an instant is the time since the machine was started, and instants differ by durations`() {
    func uptime() -> Duration {
      var time = timespec()
      clock_gettime(CLOCK_BOOTTIME, &time)
      return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
    let before = uptime()
    let now = Instant.now
    #expect(before <= now.uptime && now.uptime <= uptime())
    let later = now + .milliseconds(1500)
    #expect(later - now == .milliseconds(1500) && now.duration(to: later) == .milliseconds(1500) && later - .milliseconds(1500) == now)
    #expect(now < later && max(now, later) == later)
  }

  @Test func `a temporary directory is its owner's alone, and goes with everything in it`() throws {
    var path: FilePath
    do {
      let directory = try TemporaryDirectory(in: "/tmp")
      path = directory.path
      #expect(try mode(of: path) == 0o700)
      let file = try directory.write("text", to: "file")
      #expect(try mode(of: file) == 0o600)
      #expect(throws: Errno.fileExists) { try directory.write("text", to: "file") }
    }
    #expect(throws: Errno.noSuchFileOrDirectory) { try mode(of: path) }
  }

  @Test func `a directory whose process was killed is removed by the next one, that of a living one is not`() throws {
    let parent = try TemporaryDirectory(in: "/tmp")
    let abandoned = parent.path.appending("fakeai-images-pool-killed")
    let other = parent.path.appending("fakeai-images-pool-of-something-else")
    for path in [abandoned, other] { try systemCall { mkdir(path.string, 0o700) } }
    let first = try TemporaryDirectory(in: parent.path)
    let second = try TemporaryDirectory(in: parent.path)
    #expect(throws: Errno.noSuchFileOrDirectory) { try mode(of: abandoned) }
    for path in [other, first.path, second.path] { #expect(try mode(of: path) == 0o700) }
  }

  @Test func `a unix socket is its owner's alone`() throws {
    let directory = try TemporaryDirectory(in: "/tmp")
    let path = directory.path.appending("a.sock")
    let socket = try ListeningSocket(unixPath: path)
    #expect(socket.descriptor.rawValue >= 0)
    #expect(try mode(of: path) == 0o600)
    #expect(throws: Errno.addressInUse) { _ = try ListeningSocket(unixPath: path) }
  }

  @Test func `nobody stands still in accept`() throws {
    let directory = try TemporaryDirectory(in: "/tmp")
    let unix = try ListeningSocket(unixPath: directory.path.appending("a.sock"))
    let tcp = try ListeningSocket(host: "127.0.0.1", port: 0)
    for descriptor in [unix.descriptor.rawValue, tcp.descriptor.rawValue] {
      #expect(throws: Errno.wouldBlock) { try systemCall { accept(descriptor, nil, nil) } }
    }
  }

  @Test func `a path that no unix address can hold is refused`() {
    #expect(throws: Errno.fileNameTooLong) { _ = try ListeningSocket(unixPath: FilePath("/tmp/" + String(repeating: "x", count: 103))) }
  }

  @Test(arguments: ["127.0.0.1", "::1"]) func `port 0 becomes a port that is then taken`(_ host: String) throws {
    let socket = try ListeningSocket(host: host, port: 0)
    let port = try socket.address.port
    #expect(port > 0)
    #expect(throws: Errno.addressInUse) { _ = try ListeningSocket(host: host, port: port) }
  }

  @Test func `a program that is not there is an error of the start, not of the child`() throws {
    let launch = ProcessLaunch(path: "/nonexistent", arguments: [], environment: [:], descriptors: [0], firstNumber: 0)
    #expect(throws: Errno.noSuchFileOrDirectory) { try launch.start() }
  }

  /// The second number is that of a descriptor that another one must replace.
  @Test(arguments: [6, nil] as [CInt?])
  func `a process has its arguments, its environment, its descriptors and a group of its own`(_ number: CInt?) throws {
    var ends: [CInt] = [0, 0]
    try systemCall { pipe(&ends) }
    let output = FileHandle(owning: ends[0])
    let input = ends[1]
    let null = FileHandle(owning: try systemCall { open("/dev/null", O_RDWR | O_CLOEXEC) })
    let first = number ?? input
    let script = "echo nothing >&\(first); echo $0 $1 $NAME $(cut -d' ' -f5 /proc/$$/stat) >&\(first + 1)"
    let launch = ProcessLaunch(
      path: "/bin/bash", arguments: ["-c", script, "zero", "one"], environment: ["NAME": "value", "PATH": "/bin:/usr/bin"],
      descriptors: [null.rawValue, input], firstNumber: first)
    let process = try launch.start()
    close(input)
    var status: CInt = 0
    try systemCall { waitpid(process, &status, 0) }
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = try systemCall { read(output.rawValue, &bytes, bytes.count) }
    let words = String(decoding: bytes.prefix(count), as: UTF8.self).split { $0.isWhitespace }.map(String.init)
    #expect(words == ["zero", "one", "value", "\(process)"])
    #expect(ProcessEnd(waitStatus: status) == .status(0))
  }

  private func mode(of path: FilePath) throws -> mode_t {
    var information = stat()
    try systemCall { lstat(path.string, &information) }
    return information.st_mode & 0o777
  }
}
