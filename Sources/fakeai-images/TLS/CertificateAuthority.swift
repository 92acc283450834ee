import FoundationEssentials
import Glibc
import OpenAIAPI
import SystemCalls
import SystemPackage

/// A certificate authority of this user's own, which signs the certificates that `serve --tls` makes. It is made once and kept, so that clients
/// that trust it keep trusting every later server.
///
/// ```
/// <directory>/ca.pem        the certificate, for clients to trust
/// <directory>/ca-key.pem    its key, which only its owner can read
/// ```
struct CertificateAuthority {
  let directory: FilePath

  /// The certificate that clients must trust.
  var certificate: FilePath { directory.appending("ca.pem") }
  private var key: FilePath { directory.appending("ca-key.pem") }

  /// Opens the authority in a directory, and makes both if they do not exist. Several processes may do this at once.
  init(in directory: FilePath) throws(CommandFailure) {
    self.directory = directory
    do {
      try FileManager.default.createDirectory(
        atPath: directory.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw CommandFailure("cannot create \(directory) for a certificate authority (change it with --tls-directory)")
    }
    let lock = try orFail("cannot open \(directory)") { () throws(Errno) in try Directory(path: directory) }
    try orFail("cannot lock \(directory)") { () throws(Errno) in _ = try systemCall { flock(lock.descriptor.rawValue, LOCK_EX) } }
    // The certificate comes last, so where it is, the key is too.
    if !SettingFile.isReadable(certificate.string) { try make() }
    guard SettingFile.isReadable(key.string) else {
      throw CommandFailure("cannot read \(key), the key of \(certificate): remove both to make new ones, or use another --tls-directory")
    }
  }

  private func make() throws(CommandFailure) {
    let owner = MachineNames.hostName.map { " of \($0)" } ?? ""
    // A common name has at most 64 characters.
    let name = String("fakeai-images\(owner)".prefix(64))
    let configuration = """
      [req]
      prompt = no
      distinguished_name = name
      x509_extensions = authority
      [name]
      CN = \(name)
      [authority]
      basicConstraints = critical, CA:TRUE, pathlen:0
      keyUsage = critical, keyCertSign, cRLSign
      subjectKeyIdentifier = hash

      """
    let (newCertificate, newKey) = ("\(certificate).new", "\(key).new")
    let file = directory.appending("ca.cnf")
    defer { for path in [newCertificate, newKey, file.string] { _ = unsafe unlink(path) } }
    do {
      let file = try FileDescriptor.open(file, .writeOnly, options: [.create, .truncate, .noFollow], permissions: .ownerReadWrite)
      try file.closeAfter { _ = try file.writeAll(configuration.utf8) }
    } catch {
      throw CommandFailure("cannot write to \(directory), where a certificate authority is kept (change it with --tls-directory): \(error)")
    }
    try OpenSSL(in: directory).run(
      Self.newCertificate + ["-config", file.string, "-days", "3650", "-keyout", newKey, "-out", newCertificate],
      to: "make a certificate authority in \(directory)")
    try orFail("cannot keep a certificate authority in \(directory)") { () throws(Errno) in
      try systemCall { unsafe rename(newKey, key.string) }
      try systemCall { unsafe rename(newCertificate, certificate.string) }
    }
  }

  /// Makes a certificate for a server, valid for 825 days, the most that Apple's clients accept.
  ///
  /// - Parameters:
  ///   - names: host names, which may begin with `*.`, and addresses.
  ///   - work: the directory for the new files.
  func certify(_ names: [String], in work: borrowing TemporaryDirectory) throws(CommandFailure) -> CertificateFiles {
    let entries = names.map { (Network($0) == nil ? "DNS:" : "IP:") + $0 }.joined(separator: ", ")
    let configuration = """
      [req]
      prompt = no
      distinguished_name = name
      x509_extensions = server
      [name]
      CN = fakeai-images
      [server]
      basicConstraints = critical, CA:FALSE
      keyUsage = critical, digitalSignature
      extendedKeyUsage = serverAuth
      subjectAltName = \(entries)
      subjectKeyIdentifier = hash
      authorityKeyIdentifier = keyid

      """
    let file = try orFail("cannot write to \(work.path)") { () throws(Errno) in try work.write(configuration, to: "tls.cnf") }
    let files = CertificateFiles(certificate: work.path.appending("made.pem"), key: work.path.appending("made-key.pem"))
    try OpenSSL(in: work.path).run(
      Self.newCertificate + [
        "-config", file.string, "-days", "825", "-CA", certificate.string, "-CAkey", key.string, "-keyout", files.key.string, "-out",
        files.certificate.string,
      ], to: "make a certificate signed by \(certificate)")
    return files
  }

  /// P-256, which every client supports; the key is not encrypted.
  private static let newCertificate = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

  /// Where the authority is kept unless the settings say otherwise: the state directory of the XDG Base Directory Specification.
  static func usualDirectory(environment: [String: String] = ProcessInfo.processInfo.environment) throws(CommandFailure) -> FilePath {
    let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? FilePath($0) : nil }
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? FilePath($0).appending(".local/state") : nil }
    guard let parent = state ?? home else {
      throw CommandFailure("neither XDG_STATE_HOME nor HOME says where to keep a certificate authority: set --tls-directory")
    }
    return parent.appending("fakeai-images/tls")
  }
}
