import SystemCalls

/// The channels that are subscribed to, and the one connection on which their messages come. Lives on the client's thread.
final class Subscriptions {
  struct Listener {
    let id: SubscriptionID
    let onReady: () -> Void
    let onMessage: ([UInt8]) -> Void
  }

  private unowned let loop: ClientLoop
  private var channels: [String: [Listener]] = [:]
  /// Channels that the server has confirmed, on the current connection.
  private var confirmed: Set<String> = []
  private var connection: Connection?
  /// When a PING was sent that is not answered.
  private var pinged: Instant?

  init(_ loop: ClientLoop) { self.loop = loop }

  func add(_ listener: Listener, to channel: String) {
    channels[channel, default: []].append(listener)
    if confirmed.contains(channel) { return listener.onReady() }
    if channels[channel]!.count == 1 { send("SUBSCRIBE", [channel]) }
    connect()
  }

  func remove(_ id: SubscriptionID, from channel: String) {
    guard let listeners = channels[channel]?.filter({ $0.id !== id }) else { return }
    channels[channel] = listeners.isEmpty ? nil : listeners
    guard listeners.isEmpty else { return }
    confirmed.remove(channel)
    send("UNSUBSCRIBE", [channel])
  }

  /// Subscribes on any server: a Cluster passes messages on to all its nodes.
  private func connect() {
    guard connection == nil || connection!.state == .retired, !channels.isEmpty else { return }
    guard let node = loop.topology.node(for: nil) else { return }
    connection = node.connection(.subscription)
    connection!.state == .ready ? subscribe() : connection!.open()
  }

  func changed(_ changed: Connection) {
    if changed === connection {
      confirmed = []
      pinged = nil
      if changed.state == .ready { return subscribe() }
      // Another node may do.
      if changed.state == .pausing, changed.failures > 0 { leave() }
    }
    connect()
  }

  /// Gives up the connection, because its server is not the right one any more or cannot be reached.
  func leave() {
    guard let old = connection, loop.topology.node(for: nil)?.endpoint != old.endpoint else { return }
    connection = nil
    confirmed = []
    _ = old.retire("its server is not used any more")
    connect()
  }

  private func subscribe() { if !channels.isEmpty { send("SUBSCRIBE", Array(channels.keys)) } }

  private func send(_ name: String, _ arguments: [String]) {
    guard let connection, connection.state == .ready else { return }
    // Never answered: the confirmations are messages.
    connection.push(RedisCommand(name, arguments.map { RedisArgument($0) }))
  }

  func tick() {
    connect()
    guard let connection, connection.state == .ready, !channels.isEmpty else { return }
    if let pinged {
      let isAlive = connection.lastByte > pinged
      if !isAlive, pinged.duration(to: .now) > loop.options.timeout { return connection.fail("it does not answer") }
      if isAlive { self.pinged = nil }
    }
    guard pinged == nil, connection.lastByte.duration(to: .now) > .seconds(1) else { return }
    pinged = .now
    send("PING", [])
  }

  /// Takes a message.
  /// - Returns: false for the reply to a command that asks if the server is ready.
  func take(_ reply: RedisReply, from connection: Connection) -> Bool {
    guard connection.state == .ready else { return false }
    if case .error(let text) = reply { connection.fail("the subscription was refused: \(text)") }
    guard connection.state == .ready else { return true }
    guard let message = reply.array, let kind = message.first?.string, message.count >= 2 else {
      connection.fail("the server sent something other than a message")
      return true
    }
    guard let channel = message[1].string, let listeners = channels[channel] else { return true }
    switch kind {
    case "message" where message.count == 3: for listener in listeners { listener.onMessage(message[2].bytes ?? []) }
    case "subscribe" where confirmed.insert(channel).inserted: for listener in listeners { listener.onReady() }
    default: break
    }
    return true
  }
}
