import FoundationEssentials
import Glibc
import SystemCalls
import SystemPackage

/// The configuration that `serve` gives nginx: the production site at another address, and a main file that includes it and writes only to
/// one temporary directory.
///
/// nginx starts in that directory, and everything it refers to is there, as a link if the file is elsewhere. So the configuration contains no
/// path from outside, in which nginx would interpret a space, a quote, a `$` or a `[`.
struct NginxConfiguration {
  let directory: FilePath
  let site: SiteDirectory
  /// The addresses in the syntax of nginx's `listen`.
  let listen: [String]
  /// The workers' socket, in that directory.
  let socket: FilePath.Component
  /// The file to log requests to, one line each; relative to the working directory of the command.
  let accessLog: FilePath?
  /// For TLS and HTTP/2; nil: plain HTTP.
  var certificate: CertificateFiles?
  /// How long nginx may take to finish its requests when it is told to stop.
  var drainTime = Duration.seconds(8)
  /// The addresses that may use /_fakeai and /metrics, besides this machine's own.
  var insiders: [Network] = []

  /// - Returns: the main file.
  func write(to directory: borrowing TemporaryDirectory) throws(CommandFailure) -> FilePath {
    let files = try siteTexts()
    let links = try links()
    return try orFail("cannot write nginx's configuration to \(directory.path)") { () throws(Errno) in
      for (name, text) in files { _ = try directory.write(text, to: name) }
      for (name, target) in links { try systemCall { unsafe symlink(target.string, directory.path.appending(name).string) } }
      return try directory.write(mainText, to: "nginx.conf")
    }
  }

  /// nginx takes open sockets from the variable with which it passes its sockets to a new binary during an upgrade.
  func launch(of nginx: FilePath, file: FilePath, environment: [String: String], listening descriptors: [CInt]) -> ProcessLaunch {
    let numbers = descriptors.indices.map { "\(Self.firstNumber + CInt($0));" }.joined()
    return ProcessLaunch(
      path: nginx, arguments: ["-e", "/dev/null", "-p", ".", "-c", file.lastComponent?.string ?? file.string],
      environment: environment.merging(["NGINX": numbers]) { $1 }, directory: directory, descriptors: descriptors,
      firstNumber: Self.firstNumber)
  }

  /// The first number after the standard streams.
  private static let firstNumber: CInt = 3

  /// The values in the production site, and the values that replace them.
  var replacements: [(literal: String, value: String)] {
    [
      Self.includes,
      ("  listen 8000 rcvbuf=256k;\n", listenText),
      ("unix:/run/fakeai-images/worker.sock", "unix:\(socket)"),
      ("\(SiteDirectory.installed)/www", Self.pagesName),
      ("access_log /var/log/nginx/fakeai-images.log fakeai_images buffer=64k flush=1s;", accessLogText),
      ("  #10.1.2.0/24 yes;\n", insiderText),
    ] + tlsReplacements
  }

  /// Enables the variant of the site with TLS.
  private var tlsReplacements: [(literal: String, value: String)] {
    guard certificate != nil else { return [] }
    return [
      ("  #ssl_certificate /etc/ssl/certs/fakeai-images.pem;", "  ssl_certificate \(Self.certificateName);"),
      ("  #ssl_certificate_key /etc/ssl/private/fakeai-images.key;", "  ssl_certificate_key \(Self.keyName);"),
    ] + ["ssl_protocols", "ssl_ciphers", "ssl_session_cache"].map { ("  #\($0) ", "  \($0) ") }
  }

  private static let certificateName = "tls.pem"
  private static let keyName = "tls-key.pem"

  /// The files that the site includes, directly or indirectly, are copied to the same directory.
  private static let includes = (
    literal: "\(SiteDirectory.installed)/\(SiteDirectory.includePrefix)", value: SiteDirectory.includePrefix
  )

  private var listenText: String {
    let tls = certificate == nil ? "" : " ssl http2"
    return listen.map { place in "  listen \(place)\(tls) rcvbuf=256k\(place.hasPrefix("[::]:") ? " ipv6only=off" : "");\n" }.joined()
  }

  private static let pagesName = "www"
  private static let accessLogName = "access.log"

  private var accessLogText: String { accessLog == nil ? "access_log off;" : "access_log \(Self.accessLogName) fakeai_images;" }

  /// Lines of `geo $fakeai_insider`, each network once: nginx warns of any that is there twice.
  private var insiderText: String {
    var known: Set<String> = ["127.0.0.1", "::1"]
    return insiders.map(\.description).filter { known.insert($0).inserted }.map { "  \($0) yes;\n" }.joined()
  }

  /// The files outside nginx's directory, by the names of their links in it.
  private func links() throws(CommandFailure) -> [String: FilePath] {
    var links = [Self.pagesName: site.path.appending("www")]
    if let certificate { (links[Self.certificateName], links[Self.keyName]) = (certificate.certificate, certificate.key) }
    if let accessLog {
      let file = accessLog == "-" ? Self.sharedStandardOutput() : accessLog.absolute
      try Self.checkWritable(file)
      links[Self.accessLogName] = file
    }
    return links
  }

  /// The path of standard output, which nginx opens anew. If it is a file, it then has two positions, so this process must append too.
  private static func sharedStandardOutput() -> FilePath {
    let flags = fcntl(STDOUT_FILENO, F_GETFL)
    if flags >= 0 { _ = fcntl(STDOUT_FILENO, F_SETFL, flags | O_APPEND) }
    return "/dev/stdout"
  }

  /// Checked here, because nginx's own error would name the link.
  private static func checkWritable(_ file: FilePath) throws(CommandFailure) {
    try orFail("cannot write the access log \(file) (change it with --access-log)") { () throws(Errno) in
      // Does not wait for a reader if it is a pipe.
      let flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC
      _ = FileHandle(owning: try systemCall { unsafe open(file.string, flags, 0o644) })
    }
  }

  /// Each file's name and text.
  func siteTexts() throws(CommandFailure) -> [String: String] {
    var texts = [SiteDirectory.siteName: try SiteTemplate(site.path.appending(SiteDirectory.siteName)).replacing(replacements)]
    for name in try site.includes() {
      let template = try SiteTemplate(site.path.appending(name))
      texts[name] = try template.replacing(template.text.contains(Self.includes.literal) ? [Self.includes] : [])
    }
    return texts
  }

  var mainText: String {
    """
    # Written by `fakeai-images serve`, and removed when it ends.
    daemon off;
    \(geteuid() == 0 ? "user root;  # Only its owner can open the workers' socket." : "# No user directive: everything belongs to the current user.")
    pid nginx.pid;
    pcre_jit on;
    error_log stderr error;
    worker_processes \(Processors.available);
    worker_rlimit_nofile \(Self.openFiles);
    worker_shutdown_timeout \(Int((drainTime / .milliseconds(1)).rounded(.up)))ms;
    events {
      worker_connections \(Self.openFiles / 2);
    }
    http {
      access_log off;
      client_body_temp_path body;
      fastcgi_temp_path fastcgi;
      proxy_temp_path proxy;
      scgi_temp_path scgi;
      uwsgi_temp_path uwsgi;
      include \(SiteDirectory.siteName);
    }

    """
  }

  /// The number of files that nginx may open, up to a sensible maximum.
  private static let openFiles: UInt = {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    return min(limit.rlim_max, 16384)
  }()
}
