import FoundationEssentials
import Glibc
import SystemPackage

/// What `serve` gives nginx: the site of production, at another address, and a main file around it that writes nowhere but into one
/// temporary directory.
struct NginxConfiguration {
  let directory: FilePath
  let site: SiteDirectory
  /// As in nginx's `listen`.
  let listen: String
  let socket: FilePath
  /// File for one line a request; relative to the directory in which the command was given.
  let accessLog: FilePath?

  /// - Returns: the main file.
  func write(to directory: borrowing TemporaryDirectory) throws(CommandFailure) -> FilePath {
    let files = try siteTexts()
    return try orFail("cannot write nginx's configuration to \(directory.path)") { () throws(Errno) in
      for (name, text) in files { _ = try directory.write(text, to: name) }
      return try directory.write(mainText, to: "nginx.conf")
    }
  }

  /// nginx takes a socket that is already open from the variable by which it hands its sockets to a new binary when it is upgraded.
  func launch(of nginx: FilePath, file: FilePath, environment: [String: String], listening descriptor: CInt) -> ProcessLaunch {
    ProcessLaunch(
      path: nginx, arguments: ["-e", "/dev/null", "-p", directory.string, "-c", file.string],
      environment: environment.merging(["NGINX": "3;"]) { $1 }, descriptor: (ours: descriptor, theirs: 3))
  }

  /// The site's own values, which a plain reading of it shows, and ours.
  var replacements: [(literal: String, value: String)] {
    [
      includes,
      ("listen 8000;", "listen \(listen);"),
      ("unix:/run/fakeai-images/worker.sock", "unix:\(socket)"),
      ("\(SiteDirectory.installed)/www", "\(site.path)/www"),
      ("access_log /var/log/nginx/fakeai-images.log fakeai_images buffer=64k flush=1s;", accessLogText),
    ]
  }

  /// What the site includes, and what that includes in turn, is copied beside it.
  private var includes: (literal: String, value: String) {
    let prefix = SiteDirectory.includePrefix
    return ("\(SiteDirectory.installed)/\(prefix)", "\(directory)/\(prefix)")
  }

  private var accessLogText: String {
    accessLog.map { "access_log \"\($0.absolute)\" fakeai_images;" } ?? "access_log off;"
  }

  /// Each file's name and text.
  func siteTexts() throws(CommandFailure) -> [String: String] {
    var texts = [SiteDirectory.siteName: try SiteTemplate(site.path.appending(SiteDirectory.siteName)).replacing(replacements)]
    for name in try site.includes() {
      let template = try SiteTemplate(site.path.appending(name))
      texts[name] = try template.replacing(template.text.contains(includes.literal) ? [includes] : [])
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
