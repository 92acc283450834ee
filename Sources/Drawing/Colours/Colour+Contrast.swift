extension Colour {
  /// Relative luminance from 0 (black) to 1 (white), as WCAG 2.2 defines it.
  package var luminance: Float {
    let light = linearLight
    return 0.2126 * light.x + 0.7152 * light.y + 0.0722 * light.z
  }

  /// WCAG's contrast ratio, 1 to 21. Body text wants 4.5, large text 3.
  package func contrast(with other: Colour) -> Float {
    let (one, two) = (luminance, other.luminance)
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)
  }
}
