import FoundationEssentials

extension PoolStatus {
  /// For programs. The store's first five keys are those of the API's own statistics.
  var json: String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    // Numbers, texts and lists of them: there is nothing that could not be encoded.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}

extension StoreStatus: Encodable {
  private enum CodingKeys: String, CodingKey {
    case totalImages, totalSizeBytes, totalSizeMb, retentionHours, backend, name, capacityBytes, inserted, evicted, expired
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(images, forKey: .totalImages)
    try container.encode(bytes, forKey: .totalSizeBytes)
    try container.encode((Double(bytes) / 1_048_576 * 100).rounded() / 100, forKey: .totalSizeMb)
    try container.encode(retentionHours, forKey: .retentionHours)
    try container.encode(backend, forKey: .backend)
    try container.encode(name, forKey: .name)
    try container.encode(capacity, forKey: .capacityBytes)
    try container.encode(inserted, forKey: .inserted)
    try container.encode(evicted, forKey: .evicted)
    try container.encode(expired, forKey: .expired)
  }
}

extension WorkerStatus: Encodable {
  private enum CodingKeys: String, CodingKey {
    case number, pid, uptimeSeconds, requests, images, inFlight
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(number, forKey: .number)
    try container.encode(process, forKey: .pid)
    try container.encode(uptime / .seconds(1), forKey: .uptimeSeconds)
    try container.encode(requests, forKey: .requests)
    try container.encode(images, forKey: .images)
    try container.encode(inFlight, forKey: .inFlight)
  }
}
