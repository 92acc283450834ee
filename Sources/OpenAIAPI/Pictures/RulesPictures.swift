import Pictures
package import Simulation

extension PictureLibrary? {
  /// Throws for the first file of some rules that cannot be shown, with its position.
  package func check(_ rules: RuleDocument) throws(RuleDocumentError) {
    var known: Set<String> = []
    for (path, name) in rules.pictures where known.insert(name).inserted {
      do throws(PictureError) { try check(name) } catch { throw RuleDocumentError(path: path, problem: "is \(error)") }
    }
  }
}
