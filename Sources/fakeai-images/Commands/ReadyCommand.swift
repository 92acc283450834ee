import ArgumentParser
import FoundationEssentials
import Glibc
import SystemCalls
import SystemPackage

struct ReadyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ready",
    abstract: "Wait until a server answers.",
    discussion: """
      Exits with 0 as soon as GET /readyz answers 200, and with 1 and one line on standard error if that does not happen in time. It needs \
      no other program, so it can be the health check of a container. A server with TLS answers it over plain HTTP, too.

        fakeai-images serve & fakeai-images ready --wait 30
        HEALTHCHECK CMD ["fakeai-images", "ready"]
      """)

  @Option(help: ArgumentHelp("How long to wait, up to 3600. (default: 0, a single attempt)", valueName: "seconds"))
  var wait: String?

  @Option(
    help: ArgumentHelp("The server, as http://host:port. (default: from FAKEAI_HOST and FAKEAI_PORT)", valueName: "url"))
  var url: String?

  func run() throws {
    let seconds = try SettingSyntax.seconds(0...3600).value(of: "--wait", wait) ?? 0
    let server = try server
    // A name server that is not there must not delay a check of one second by ten.
    unsafe setenv("RES_OPTIONS", "timeout:1 attempts:1", 0)
    let end = Instant.now + .seconds(seconds)
    while true {
      do throws(ReadinessProbe.Failure) {
        return try server.check(patience: min(Self.longestAttempt, max(Self.shortestAttempt, end - .now)))
      } catch {
        guard Instant.now + Self.pause < end else {
          throw CommandFailure("\(server.url) is not ready\(Self.waited(seconds)): \(error)")
        }
      }
      usleep(useconds_t(Self.pause / .microseconds(1)))
    }
  }

  private var server: ServerAddress {
    get throws(CommandFailure) {
      if let url { return try ServerAddress(url: url) }
      let settings: Settings
      do throws(SettingRefusal) {
        settings = try Settings(environment: ProcessInfo.processInfo.environment)
      } catch {
        throw .usage(error.description)
      }
      return try ServerAddress(settings)
    }
  }

  private static let longestAttempt = Duration.seconds(2)
  private static let shortestAttempt = Duration.milliseconds(250)
  private static let pause = Duration.milliseconds(100)

  private static func waited(_ seconds: Double) -> String {
    seconds == 0 ? "" : " after \(seconds.rounded() == seconds ? String(Int(seconds)) : String(seconds)) s"
  }
}

/// The address of a server that speaks plain HTTP.
struct ServerAddress {
  /// Without a slash at its end.
  let url: String
  private let host: String
  private let port: String
  /// The value of the Host header.
  private let authority: String
  /// The path of the URL, without a slash at its end.
  private let path: String

  /// - Throws: an error if this is not `http://host`, with an optional port and path.
  init(url text: String) throws(CommandFailure) {
    let refusal = CommandFailure.usage("--url is \(text.debugDescription); allowed: http://host[:port][/path], without a query")
    guard text.hasPrefix("http://"), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !"?#@\"\\".utf8.contains($0) }) else {
      throw refusal
    }
    let rest = text.dropFirst("http://".count)
    let authority = rest.prefix { $0 != "/" }
    let bracket = authority.first == "[" ? authority.firstIndex(of: "]") : nil
    let name = bracket.map { authority[...$0] } ?? authority.prefix { $0 != ":" }
    let port = authority.dropFirst(name.count)
    guard !name.isEmpty, port.isEmpty || port.first == ":" && UInt16(port.dropFirst()).map({ $0 > 0 }) == true else { throw refusal }
    host = String(bracket == nil ? name : name.dropFirst().dropLast())
    self.port = port.isEmpty ? "80" : String(port.dropFirst())
    self.authority = String(authority)
    path = String(rest.dropFirst(authority.count).reversed().drop { $0 == "/" }.reversed())
    url = "http://\(authority)\(path)"
  }

  /// The server that has these settings, at its first address.
  init(_ settings: Settings) throws(CommandFailure) {
    let host = FrontSockets.reachable(settings.hosts[0])
    try self.init(url: "http://\(host.contains(":") ? "[\(host)]" : host):\(settings.port)")
  }

  /// Checks once whether the server is ready.
  func check(patience: Duration) throws(ReadinessProbe.Failure) {
    var failure = ReadinessProbe.Failure.unresolved("\(host) has no address")
    for address in try addresses() {
      do throws(ReadinessProbe.Failure) {
        return try ReadinessProbe.check(path + "/readyz", at: address, host: authority, patience: patience)
      } catch {
        failure = error
      }
    }
    throw failure
  }

  private func addresses() throws(ReadinessProbe.Failure) -> [SocketAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, port, &hints, &found)
    guard code == 0 else { throw .unresolved("\(host) cannot be resolved: \(unsafe String(cString: gai_strerror(code)))") }
    defer { unsafe freeaddrinfo(found) }
    var addresses: [SocketAddress] = []
    var next = unsafe found
    while let info = unsafe next {
      if let address = unsafe info.pointee.ai_addr.flatMap({ unsafe SocketAddress($0, length: info.pointee.ai_addrlen) }) {
        addresses.append(address)
      }
      unsafe next = info.pointee.ai_next
    }
    return addresses
  }
}
