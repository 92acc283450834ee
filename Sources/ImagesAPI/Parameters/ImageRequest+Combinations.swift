import ImageGeneration

extension ImageRequest {
  /// Throws where parameters that are right by themselves make no sense together.
  func refuseCombinations(_ parameters: Parameters) throws(APIError) {
    if partialImages != nil, n > 1 { throw .streamOfSeveral }
    if inputs.mask != nil, inputs.markup != nil { throw .maskAndMarkup }
    if inputs.markup != nil, !rules.takesMarkup { throw .unknownParameter("markup") }
    if compression < 100, !output.format.isCompressible { throw .incompressible(output) }
    if isTransparent, !output.format.hasAlpha { throw .opaqueFormat(output) }
    for (name, format) in [("frame_count", "gif"), ("frame_duration_ms", "gif"), ("svg", "svg")]
    where parameters.isGiven(name) && output.name != format {
      throw .onlyWithFormat(name, format)
    }
    if !output.isNamed, partialImages != nil { throw .notWithFormat("stream", "", output) }
    if output.name == "gif", inputs.mask != nil { throw .notWithFormat("mask", "", output) }
    if output.name == "svg", n > 1 { throw .notWithFormat("n", " above 1", output) }
  }
}
