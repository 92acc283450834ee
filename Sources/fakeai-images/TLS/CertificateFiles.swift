import OpenAIAPI
import SystemPackage

/// The certificate and the key of the server, as PEM files.
struct CertificateFiles: Equatable {
  let certificate: FilePath
  let key: FilePath
}

/// How `serve` encrypts.
struct TransportSecurity {
  let files: CertificateFiles
  /// The certificate that clients must trust, if `serve` has made the server's.
  let authority: FilePath?

  /// - Parameters:
  ///   - settings: those of `serve`.
  ///   - work: a directory for a certificate that is made.
  /// - Returns: nil if the settings ask for plain HTTP.
  init?(_ settings: Settings, in work: borrowing TemporaryDirectory) throws(CommandFailure) {
    switch (settings.tlsCertificate, settings.tlsKey) {
    case (let certificate?, let key?):
      files = CertificateFiles(certificate: FilePath(certificate).absolute, key: FilePath(key).absolute)
      authority = nil
    case (_?, nil): throw .usage("FAKEAI_TLS_CERTIFICATE is set, but FAKEAI_TLS_KEY is not: set both, or only FAKEAI_TLS")
    case (nil, _?): throw .usage("FAKEAI_TLS_KEY is set, but FAKEAI_TLS_CERTIFICATE is not: set both, or only FAKEAI_TLS")
    case (nil, nil):
      guard settings.usesTLS else { return nil }
      let directory =
        if let chosen = settings.tlsDirectory { FilePath(chosen).absolute } else { try CertificateAuthority.usualDirectory() }
      let own = try CertificateAuthority(in: directory)
      files = try own.certify(Self.names(settings), in: work)
      authority = own.certificate
    }
  }

  /// The names under which the server can be reached: those of this machine, and those that the settings give it.
  static func names(_ settings: Settings, machine: [String] = MachineNames.all) -> [String] {
    let hosts = settings.hosts.filter { !["0.0.0.0", "::"].contains($0) }
    let trusted = settings.trustedHosts.map { $0.hasPrefix(".") ? "*\($0)" : $0 }
    let url = settings.publicURL.flatMap { $0.wholeMatch(of: /https?:\/\/\[?(.+?)\]?(:[0-9]+)?(\/.*)?/)?.1 }.map { [String($0)] } ?? []
    var known: Set<String> = []
    return (["localhost"] + machine + ["127.0.0.1", "::1"] + hosts + trusted + url).map { $0.lowercased() }.filter {
      known.insert($0).inserted
    }
  }

  /// What to do so that clients trust the server; nil if that is the user's own affair.
  func advice(for url: String) -> String? {
    guard let authority else { return nil }
    let path = authority.string.quotedForShell
    return """
      Its certificate is signed by \(authority), which clients must trust:
        curl    curl --cacert \(path) \(url)/healthz
        Python  export SSL_CERT_FILE=\(path) REQUESTS_CA_BUNDLE=\(path)
        Node    export NODE_EXTRA_CA_CERTS=\(path)
      """
  }
}

extension String {
  /// As it is if a shell takes it as one word, otherwise in quotes.
  fileprivate var quotedForShell: String {
    wholeMatch(of: /[A-Za-z0-9_.\/@%+=:,-]+/) != nil ? self : "'" + replacing("'", with: "'\\''") + "'"
  }
}
