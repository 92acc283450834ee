/// The two families of image models, which differ in their parameters and in what they answer.
enum ModelFamily: Sendable {
  case dallE
  case gpt
}
