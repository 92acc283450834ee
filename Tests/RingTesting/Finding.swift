/// What a trial found to be wrong.
package struct Finding: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Throws where something that must hold does not.
package func demand(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws(Finding) {
  if !holds { throw Finding(otherwise()) }
}
