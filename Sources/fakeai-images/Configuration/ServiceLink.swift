/// Variables that Kubernetes and Docker set for every container, by the name of a service. They are not meant for this program, although a service
/// whose name begins with `fakeai` gives them the prefix of settings: Kubernetes sets `FAKEAI_PORT=tcp://10.0.0.1:8000` for a service `fakeai`.
///
/// ```
/// <SERVICE>_SERVICE_HOST, <SERVICE>_SERVICE_PORT, <SERVICE>_SERVICE_PORT_<NAME>
/// <SERVICE>_PORT=tcp://…, <SERVICE>_PORT_8000_TCP, <SERVICE>_PORT_8000_TCP_PROTO, …_PORT, …_ADDR
/// ```
///
/// See "Accessing the Service" in Kubernetes's documentation, and Docker's legacy container links.
enum ServiceLink {
  /// The environment without these variables.
  static func removed(from environment: [String: String]) -> [String: String] {
    environment.filter { !isLink($0.key, $0.value) }
  }

  /// Only names with the prefix of settings matter. The value decides where the name alone could be that of a setting.
  private static func isLink(_ name: String, _ value: String) -> Bool {
    guard name.hasPrefix(Setting.prefix) else { return false }
    if name.hasSuffix("_PORT"), ["tcp://", "udp://", "sctp://"].contains(where: value.hasPrefix) { return true }
    return name.wholeMatch(of: /.*_SERVICE_(HOST|PORT(_.+)?)|.*_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?/) != nil
  }
}
