struct DurableBatch {
  var requests: [Request] = []
}
