import FastCGI
import JSON
import Multipart

extension Parameters {
  /// Reads the fields and files of a form. `a[]` and `a[0]` are elements of an array, `a[b]` is a member of an object.
  ///
  /// - Parameter isLenient: whether `image`, if it occurs several times, and `images` are lists of images too.
  init(form: MultipartForm, isLenient: Bool = false) throws(APIError) {
    var values: [String: ParameterValue] = [:]
    var unknown = UnknownNames()
    for part in form.parts {
      var path = Self.path(part.name)
      if isLenient, path[0] == "images" { path[0] = "image" }
      if KnownParameter.names.contains(path[0]) {
        var known = values[path[0]]
        if isLenient, path[0] == "image", let first = known {
          if case .array = first {} else { known = .array([first], count: 1) }
          path = ["image", ""]
        }
        values[path[0]] = try ParameterValue.inserting(Self.value(of: part), at: path[1...], of: path[0], into: known)
      } else {
        unknown.insert(part.name)
      }
    }
    self.init(values, unknown: unknown.names, isForm: true, isLenient: isLenient)
  }

  private static func value(of part: MultipartPart) throws(APIError) -> ParameterValue {
    if part.isFile { return .file(UploadedFile(mediaType: part.contentType, content: part.content)) }
    guard let text = part.text else { throw .unreadableForm("the content of '\(part.name)' is not UTF-8") }
    return .text(text)
  }

  /// Splits `svg[reasoning][effort]` into `svg`, `reasoning` and `effort`. A name in any other form is not split.
  private static func path(_ name: String) -> [String] {
    guard name.hasSuffix("]"), let bracket = name.firstIndex(of: "["), bracket > name.startIndex else { return [name] }
    let keys = name[bracket...].dropFirst().dropLast().split(separator: "][", omittingEmptySubsequences: false).map(String.init)
    guard keys.count <= 3, !keys.contains(where: { $0.contains("[") || $0.contains("]") }) else { return [name] }
    // PHP and others number the elements of a list: `image[0]`, `image[1]`.
    let elements = keys.map { $0.utf8.allSatisfy { (48...57).contains($0) } && $0.utf8.count <= 4 ? "" : $0 }
    return [String(name[..<bracket])] + elements
  }
}

extension ParameterValue {
  /// Inserts a value into another one: at the end of an array if the path component is "", otherwise as a member.
  ///
  /// - Parameters:
  ///   - path: from `existing` to `value`.
  ///   - name: the name of the parameter, for the error if there is a value already.
  fileprivate static func inserting(
    _ value: ParameterValue, at path: ArraySlice<String>, of name: String, into existing: ParameterValue?
  ) throws(APIError) -> ParameterValue {
    guard let key = path.first else {
      guard existing == nil else { throw .duplicate(name) }
      return value
    }
    switch (key, existing) {
    case ("", nil): return .array([value], count: 1)
    case ("", .array(let values, let count)): return .array(count < elements ? values + [value] : values, count: count + 1)
    case ("", _): throw .duplicate(name)
    case (_, nil): return .object([key: try inserting(value, at: path.dropFirst(), of: name, into: nil)])
    case (_, .object(var members)):
      members[key] = try inserting(value, at: path.dropFirst(), of: name, into: members[key])
      return .object(members)
    case (_, _): throw .duplicate(name)
    }
  }
}
