import ArgumentParser
import FoundationEssentials
import Spelling

/// Flags for settings.
///
/// All are optional strings without defaults: the table of settings has both the allowed values and the default if neither a flag nor a
/// variable is set.
protocol SettingOptions {
  /// The values on the command line.
  var flags: [(Setting, String?)] { get }
}

extension Settings {
  /// Reads flags and the process's environment, and warns of variables that look like settings but are not.
  init(_ options: any SettingOptions...) throws(CommandFailure) {
    let environment = ProcessInfo.processInfo.environment
    for variable in UnknownVariable.all(in: environment) { StandardError.write(line: "fakeai-images: warning: \(variable)") }
    let given = options.flatMap(\.flags).compactMap { setting, text in text.map { (setting.variable, $0) } }
    do {
      try self.init(flags: Dictionary(uniqueKeysWithValues: given), environment: environment)
    } catch {
      throw .usage(error.description)
    }
  }
}

extension SettingSyntax {
  /// The value of an option that is not a setting; nil if it is not given.
  func value(of option: String, _ text: String?) throws(CommandFailure) -> Value? {
    guard let text else { return nil }
    guard let value = parse(text) else {
      throw .usage(SettingRefusal(name: option, value: text, suggestion: names.suggestion(for: text), allowed: allowed).description)
    }
    return value
  }
}

extension Setting {
  var help: ArgumentHelp {
    let values = names.isEmpty ? "" : "; allowed: \(names.joined(separator: ", "))"
    return ArgumentHelp("\(meaning) (\(variable)\(values); default: \(defaultText))", valueName: placeholder)
  }
}

/// Options for the addresses that `serve` listens on, for nginx and for the number of workers.
struct ListeningOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.host.help) var host: [String] = []
  @Option(help: Setting.port.help) var port: String?
  @Option(help: Setting.workers.help) var workers: String?
  @Option(help: Setting.trustedHosts.help) var trustedHosts: String?
  @Option(help: Setting.insiders.help) var insiders: String?
  @Flag(inversion: .prefixedNo, help: Setting.tls.help) var tls: Bool?
  @Option(help: Setting.tlsCertificate.help, completion: Setting.tlsCertificate.completion) var tlsCertificate: String?
  @Option(help: Setting.tlsKey.help, completion: Setting.tlsKey.completion) var tlsKey: String?
  @Option(help: Setting.tlsDirectory.help, completion: Setting.tlsDirectory.completion) var tlsDirectory: String?
  @Option(help: Setting.stopDelay.help) var stopDelay: String?
  @Option(help: Setting.accessLog.help, completion: Setting.accessLog.completion) var accessLog: String?
  @Option(help: Setting.nginxDirectory.help, completion: Setting.nginxDirectory.completion) var nginxDirectory: String?

  var flags: [(Setting, String?)] {
    [
      (.host, host.joined(separator: ",")), (.port, port), (.workers, workers), (.trustedHosts, trustedHosts), (.insiders, insiders),
      (.tls, tls.map { String($0) }), (.tlsCertificate, tlsCertificate), (.tlsKey, tlsKey), (.tlsDirectory, tlsDirectory),
      (.stopDelay, stopDelay), (.accessLog, accessLog), (.nginxDirectory, nginxDirectory),
    ]
  }
}

/// Options for the images that a worker makes and keeps, for its profile and its log.
struct ImageOptions: ParsableArguments, SettingOptions {
  @Flag(inversion: .prefixedNo, help: Setting.generateActualImages.help) var generateActualImages: Bool?
  @Option(help: Setting.imageStorageBackend.help, completion: Setting.imageStorageBackend.completion) var imageStorageBackend: String?
  @Option(help: Setting.imageStorePath.help, completion: Setting.imageStorePath.completion) var imageStorePath: String?
  @Option(help: Setting.imageRetentionHours.help) var imageRetentionHours: String?
  @Option(help: Setting.imageStoreSize.help) var imageStoreSize: String?
  @Option(help: Setting.imageStoreFull.help, completion: Setting.imageStoreFull.completion) var imageStoreFull: String?
  @Option(name: .customLong("public-url"), help: Setting.publicURL.help) var publicURL: String?
  @Option(name: .customLong("url-style"), help: Setting.urlStyle.help, completion: Setting.urlStyle.completion) var urlStyle: String?
  @Option(help: Setting.profile.help, completion: Setting.profile.completion) var profile: String?
  @Option(help: Setting.responseFormat.help, completion: Setting.responseFormat.completion) var responseFormat: String?
  @Option(help: Setting.logLevel.help, completion: Setting.logLevel.completion) var logLevel: String?

  var flags: [(Setting, String?)] {
    [
      (.generateActualImages, generateActualImages.map { String($0) }), (.imageStorageBackend, imageStorageBackend),
      (.imageStorePath, imageStorePath), (.imageRetentionHours, imageRetentionHours), (.imageStoreSize, imageStoreSize),
      (.imageStoreFull, imageStoreFull),
      (.publicURL, publicURL), (.urlStyle, urlStyle), (.profile, profile), (.responseFormat, responseFormat), (.logLevel, logLevel),
    ]
  }
}

/// Options for files, responses and batches.
struct ObjectOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.fileStoreSize.help) var fileStoreSize: String?
  @Option(help: Setting.responseStoreSize.help) var responseStoreSize: String?
  @Option(name: .customLong("unknown-ids"), help: Setting.unknownIDs.help, completion: Setting.unknownIDs.completion)
  var unknownIDs: String?

  var flags: [(Setting, String?)] {
    [(.fileStoreSize, fileStoreSize), (.responseStoreSize, responseStoreSize), (.unknownIDs, unknownIDs)]
  }
}

/// Options for reaching Redis.
struct RedisAccessOptions: ParsableArguments, SettingOptions {
  @Option(name: .customLong("redis-url"), help: Setting.redisURL.help) var redisURL: String?
  @Option(help: Setting.redisTimeout.help) var redisTimeout: String?
  @Option(help: Setting.redisPrefix.help) var redisPrefix: String?

  var flags: [(Setting, String?)] { [(.redisURL, redisURL), (.redisTimeout, redisTimeout), (.redisPrefix, redisPrefix)] }
}

/// Options for a host among several.
struct HostOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.redisReplicas.help) var redisReplicas: String?
  @Option(help: Setting.hostName.help) var hostName: String?

  var flags: [(Setting, String?)] { [(.redisReplicas, redisReplicas), (.hostName, hostName)] }
}

/// The option that names the store.
struct StoreOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.imageStoreName.help) var imageStoreName: String?

  var flags: [(Setting, String?)] { [(.imageStoreName, imageStoreName)] }
}

/// Options for API keys, rate limits and the request journal.
struct LimitOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.keys.help, completion: Setting.keys.completion) var keys: String?
  @Option(help: Setting.requestsPerMinute.help) var requestsPerMinute: String?
  @Option(help: Setting.imagesPerMinute.help) var imagesPerMinute: String?
  @Option(help: Setting.limitRefill.help, completion: Setting.limitRefill.completion) var limitRefill: String?
  @Option(help: Setting.journalSize.help) var journalSize: String?

  var flags: [(Setting, String?)] {
    [
      (.keys, keys), (.requestsPerMinute, requestsPerMinute), (.imagesPerMinute, imagesPerMinute), (.limitRefill, limitRefill),
      (.journalSize, journalSize),
    ]
  }
}

/// Options for latency, faults and draining.
struct StagingOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.latency.help) var latency: String?
  @Option(help: Setting.rules.help, completion: Setting.rules.completion) var rules: String?
  @Option(help: Setting.pictures.help, completion: Setting.pictures.completion) var pictures: String?
  @Option(help: Setting.templates.help, completion: Setting.templates.completion) var templates: String?
  @Option(help: Setting.template.help) var template: String?
  @Option(help: Setting.promptDirectives.help, completion: Setting.promptDirectives.completion) var promptDirectives: String?
  @Option(help: Setting.batchTime.help) var batchTime: String?
  @Option(help: Setting.webhookHosts.help) var webhookHosts: String?
  @Option(help: Setting.drainTime.help) var drainTime: String?

  var flags: [(Setting, String?)] {
    [
      (.latency, latency), (.rules, rules), (.pictures, pictures), (.templates, templates), (.template, template),
      (.promptDirectives, promptDirectives), (.batchTime, batchTime), (.webhookHosts, webhookHosts), (.drainTime, drainTime),
    ]
  }
}

/// Options for the drawing of every image, by a server or without one.
struct DrawingOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.imageTimestamp.help) var imageTimestamp: String?
  @Option(help: Setting.font.help, completion: Setting.font.completion) var font: String?

  var flags: [(Setting, String?)] { [(.imageTimestamp, imageTimestamp), (.font, font)] }
}
