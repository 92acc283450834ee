/// The layout of a picture: layers from back to front, of which each is drawn over those before it. What no layer covers is white.
///
/// A template does not change any more when it is made. Measures are fractions, so that it suits pictures of every size.
package struct Template: Sendable {
  /// The name by which it is chosen, which the metadata of its pictures tell.
  package let name: String
  /// What it is good for, in one line; nil if it does not say.
  package let summary: String?
  package let layers: [Layer]

  package enum Layer: Sendable {
    case fill(Fill)
    case image(Image)
    case text(Text)
  }

  /// Layers of one template. The largest picture then takes about as long as a request may take to decode its uploads.
  package static let mostLayers = 32
  /// Layers with a text. A long text takes longer to shape and to fit than any other layer to draw.
  package static let mostTexts = 8

  /// - Precondition: at most ``mostLayers``.
  package init(name: String, summary: String? = nil, layers: [Layer]) {
    precondition(layers.count <= Self.mostLayers, "more layers than are drawn")
    (self.name, self.summary, self.layers) = (name, summary, layers)
  }

  /// Whether a layer shows the first upload of an edit or a variation.
  package var showsUpload: Bool {
    layers.contains { if case .image(let image) = $0, case .upload = image.source { true } else { false } }
  }
}

extension Template {
  /// A rectangle on a picture, in fractions of its width and height.
  package struct Place: Sendable, Hashable {
    package var left: Float
    package var top: Float
    package var width: Float
    package var height: Float
    /// What is taken off at each edge, as a fraction of the picture's shorter side: margins of equal width in every proportion.
    package var inset: Float

    package init(left: Float = 0, top: Float = 0, width: Float = 1, height: Float = 1, inset: Float = 0) {
      (self.left, self.top, self.width, self.height, self.inset) = (left, top, width, height, inset)
    }

    /// The whole picture.
    package static let whole = Place()

    func box(on size: PictureSize) -> Box {
      let (across, down) = (Float(size.width), Float(size.height))
      let inset = self.inset * min(across, down)
      return Box(
        left: Int((left * across + inset).rounded()), top: Int((top * down + inset).rounded()),
        right: Int(((left + width) * across - inset).rounded()), bottom: Int(((top + height) * down - inset).rounded()))
    }
  }

  /// Where something smaller is in a rectangle, in each direction: 0 at the left or upper edge, 0.5 in the middle, 1 at the other edge.
  package struct Alignment: Sendable, Hashable {
    package var across: Float
    package var down: Float

    package init(across: Float = 0.5, down: Float = 0.5) { (self.across, self.down) = (across, down) }
  }

  /// A colour that is given, or one that follows from the request.
  package enum Shade: Sendable, Hashable {
    case fixed(Colour)
    case palette(PaletteShade)
  }

  /// The colours that a request takes from its palette.
  package enum PaletteShade: String, Sendable, Hashable, CaseIterable {
    /// The colour of the request, and its neighbour: the ends of a gradient.
    case primary, secondary
    /// The two light tints of the first colour, which a plain picture has above and in its foot.
    case paper, foot
  }

  /// One colour, a gradient or a pattern in a rectangle.
  package struct Fill: Sendable {
    package enum Paint: Sendable, Hashable {
      /// What a picture without a template has behind its prompt: two tints, or a gradient and a pattern, as the quality says.
      case look
      /// Two tints of one colour.
      case card
      case solid(Shade)
      /// A gradient of the request's colours, dark or light enough for text; nil: in the request's direction.
      case paletteGradient(Gradient.Direction?)
      case gradient(Shade, Shade, Gradient.Direction?)
      /// nil: the request's pattern, and the ink that makes no text harder to read.
      case pattern(Pattern?, Shade?)
    }

    package var paint: Paint
    package var place: Place
    /// The radius of the corners, as a fraction of the picture's shorter side.
    package var corners: Float
    /// 0 to 1.
    package var opacity: Float

    package init(_ paint: Paint, in place: Place = .whole, corners: Float = 0, opacity: Float = 1) {
      (self.paint, self.place, self.corners, self.opacity) = (paint, place, corners, opacity)
    }

    /// Whether it covers the whole picture, so that nothing below it is seen.
    var hidesAll: Bool { place == .whole && corners == 0 && opacity == 1 && !isPattern }

    var isPattern: Bool { if case .pattern = paint { true } else { false } }
  }

  /// A picture in a rectangle.
  package struct Image: Sendable {
    package enum Source: Sendable {
      case file(TemplateImage)
      /// The first upload of an edit or a variation. A generation has none, and its layer is left out.
      case upload
    }

    package enum Fit: String, Sendable, Hashable, CaseIterable {
      /// All of the picture is seen.
      case contain
      /// The rectangle is filled, and what is outside is cut off.
      case cover
      /// The picture gets the rectangle's proportions.
      case stretch
    }

    package var source: Source
    package var place: Place
    package var fit: Fit
    package var alignment: Alignment
    package var corners: Float
    package var opacity: Float

    package init(
      _ source: Source, in place: Place = .whole, fit: Fit = .contain, alignment: Alignment = Alignment(), corners: Float = 0,
      opacity: Float = 1
    ) {
      (self.source, self.place, self.fit, self.alignment) = (source, place, fit, alignment)
      (self.corners, self.opacity) = (corners, opacity)
    }
  }

  /// A text in a rectangle.
  package struct Text: Sendable {
    package enum Setting: Sendable {
      /// Like the prompt of a picture without a template.
      case title
      /// Like its watermark. The part before the last ` | ` is shortened if it is too long; the rest stays whole.
      case watermark
      case box(BoxSetting)
    }

    package var text: TemplateText
    package var setting: Setting
    /// The file of its font; nil: the server's font.
    package var font: TemplateFont?
    /// nil: light or dark, as can be read better.
    package var colour: Shade?
    package var opacity: Float

    package init(_ text: TemplateText, _ setting: Setting, font: TemplateFont? = nil, colour: Shade? = nil, opacity: Float = 1) {
      (self.text, self.setting, self.font, self.colour, self.opacity) = (text, setting, font, colour, opacity)
    }
  }

  /// How a text is set in a rectangle of its own.
  package struct BoxSetting: Sendable {
    package var place: Place
    package var alignment: Alignment
    /// The height of its letters, as a fraction of the picture's shorter side: the largest with which the text fits.
    package var sizes: ClosedRange<Float>
    /// Lines at most.
    package var lines: Int
    package var isBold: Bool

    package init(
      in place: Place = .whole, alignment: Alignment = Alignment(), sizes: ClosedRange<Float> = 0.02...0.15, lines: Int = .max,
      isBold: Bool = false
    ) {
      (self.place, self.alignment, self.sizes, self.lines, self.isBold) = (place, alignment, sizes, lines, isBold)
    }
  }
}
