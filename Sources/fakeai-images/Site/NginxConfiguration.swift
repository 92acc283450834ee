import FoundationEssentials
import Glibc
import SystemCalls
import SystemPackage

/// What `serve` gives nginx: the site of production, at another address, and a main file around it that writes nowhere but into one
/// temporary directory.
///
/// nginx begins in that directory, and everything it is told lies there, by a link where it is elsewhere. So no path from outside stands in
/// the configuration, where a blank, a quote, a `$` or a `[` in it would mean something else to nginx.
struct NginxConfiguration {
  let directory: FilePath
  let site: SiteDirectory
  /// As in nginx's `listen`.
  let listen: String
  /// The workers' socket, in that directory.
  let socket: FilePath.Component
  /// File for one line a request; relative to the directory in which the command was given.
  let accessLog: FilePath?

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

  /// nginx takes a socket that is already open from the variable by which it hands its sockets to a new binary when it is upgraded.
  func launch(of nginx: FilePath, file: FilePath, environment: [String: String], listening descriptor: CInt) -> ProcessLaunch {
    ProcessLaunch(
      path: nginx, arguments: ["-e", "/dev/null", "-p", ".", "-c", file.lastComponent?.string ?? file.string],
      environment: environment.merging(["NGINX": "3;"]) { $1 }, directory: directory, descriptor: (ours: descriptor, theirs: 3))
  }

  /// The site's own values, which a plain reading of it shows, and ours.
  var replacements: [(literal: String, value: String)] {
    [
      Self.includes,
      ("listen 8000;", "listen \(listen);"),
      ("unix:/run/fakeai-images/worker.sock", "unix:\(socket)"),
      ("\(SiteDirectory.installed)/www", Self.pagesName),
      ("access_log /var/log/nginx/fakeai-images.log fakeai_images buffer=64k flush=1s;", accessLogText),
    ]
  }

  /// What the site includes, and what that includes in turn, is copied beside it.
  private static let includes = (
    literal: "\(SiteDirectory.installed)/\(SiteDirectory.includePrefix)", value: SiteDirectory.includePrefix
  )

  private static let pagesName = "www"
  private static let accessLogName = "access.log"

  private var accessLogText: String { accessLog == nil ? "access_log off;" : "access_log \(Self.accessLogName) fakeai_images;" }

  /// What lies elsewhere, by the name that it has in nginx's directory.
  private func links() throws(CommandFailure) -> [String: FilePath] {
    var links = [Self.pagesName: site.path.appending("www")]
    if let accessLog {
      try Self.checkWritable(accessLog.absolute)
      links[Self.accessLogName] = accessLog.absolute
    }
    return links
  }

  /// nginx itself would name the link.
  private static func checkWritable(_ file: FilePath) throws(CommandFailure) {
    try orFail("cannot write the access log \(file) (--access-log names another file)") { () throws(Errno) in
      // Without waiting for a reader, where it is a pipe.
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
    \(geteuid() == 0 ? "user root;  # The workers' socket is open to its owner alone." : "# Without a user: everything here belongs to one.")
    pid nginx.pid;
    error_log stderr error;
    worker_processes auto;
    worker_rlimit_nofile \(Self.openFiles);
    worker_shutdown_timeout 8s;
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

  /// As many as nginx may open, within reason.
  private static let openFiles: UInt = {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    return min(limit.rlim_max, 16384)
  }()
}
