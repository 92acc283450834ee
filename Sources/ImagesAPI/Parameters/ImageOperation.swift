/// What is done to make an image: each is an endpoint with parameters of its own.
enum ImageOperation: String, Sendable {
  case generation = "image_generation"
  case edit = "image_edit"
  case variation = "image_variation"
}
