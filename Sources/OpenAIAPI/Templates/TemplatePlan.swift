import Drawing
import FastCGI
import JSON
import Logging
package import Simulation
package import Templates

/// The template by which the images of a response are drawn.
struct TemplatePlan: Sendable {
  let name: String
  /// The header, or `prompt`, if the request itself names it; nil: a rule or a setting does.
  let place: String?

  /// - Parameters:
  ///   - choice: that of the request, or else that of a rule.
  ///   - usual: the name in the settings.
  init?(_ choice: TemplateChoice?, _ explicit: ExplicitFaults, usual: String?) {
    switch choice {
    case .named(let name)?: (self.name, place) = (name, explicit.spec.template == nil ? nil : explicit.templatePlace)
    case .usual?: return nil
    case nil:
      guard let usual else { return nil }
      (name, place) = (usual, nil)
    }
  }
}

/// A template, and what its words say of the request.
struct TemplateUse: Sendable, Equatable {
  let name: String
  let requestID: String
  /// The end of the API key.
  let key: String

  func words(of request: ImageRequest) -> TemplateWords {
    TemplateWords(quality: request.quality.name, count: request.n, requestID: requestID, key: key)
  }
}

extension RequestContext {
  /// The template of a request's images; nil if they are not drawn by one.
  ///
  /// Throws if the client itself asks for one that cannot be used. For those of rules and settings it is not to blame: see ``template(_:)``.
  func template(for request: ImageRequest) throws(APIError) -> TemplateUse? {
    guard let template = plan.template, service.configuration.drawsImages else { return nil }
    if let place = template.place {
      do throws(TemplateError) { try service.configuration.templates.check(template.name) } catch {
        throw .badChoice(error, in: place)
      }
    }
    return TemplateUse(name: template.name, requestID: "req_\(id)", key: String((key ?? "").suffix(4)))
  }

  /// A template that was named. It is read if it has changed, so this runs on the renderer's thread.
  func template(_ use: TemplateUse) throws(APIError) -> Template {
    do throws(TemplateError) {
      return try service.configuration.templates.template(use.name)
    } catch {
      service.logger.error("request req_\(id): the template \(error)")
      throw .unusableChoice(error)
    }
  }
}

extension TemplateLibrary {
  /// Throws for the first template of some rules that cannot be used, with its position.
  package func check(_ rules: RuleDocument) throws(RuleDocumentError) {
    var known: Set<String> = []
    for (path, name) in rules.templates where known.insert(name).inserted {
      do throws(TemplateError) { try check(name) } catch { throw RuleDocumentError(path: path, problem: "is \(error)") }
    }
  }
}

extension TemplateUse {
  var json: JSONText { .object([("name", .string(name)), ("request_id", .string(requestID)), ("key", .string(key))]) }

  init?(_ value: JSONValue?) {
    guard let object = value?.object, let name = object["name"]?.text else { return nil }
    self.init(name: name, requestID: object["request_id"]?.text ?? "", key: object["key"]?.text ?? "")
  }
}
