/// A subscription, until it is cancelled or destroyed.
package final class RedisSubscription: Sendable {
  private let cancellation: @Sendable () -> Void

  init(_ cancellation: @escaping @Sendable () -> Void) { self.cancellation = cancellation }

  /// No message is received after one that is being received now.
  package func cancel() { cancellation() }

  deinit { cancellation() }
}

extension RedisClient {
  /// Receives the messages of a channel (`SUBSCRIBE`), on a connection of its own, which is made again whenever it breaks.
  ///
  /// Messages that are published while there is no connection are lost. So `onReady` is called each time that the subscription has begun:
  /// read there what the messages are about. Both functions are called on the client's thread, and must be quick.
  package func subscribe(
    to channel: String, onReady: @escaping @Sendable () -> Void = {}, onMessage: @escaping @Sendable (_ payload: [UInt8]) -> Void
  ) -> RedisSubscription {
    let id = SubscriptionID()
    mailbox.post { $0.subscriptions.add(Subscriptions.Listener(id: id, onReady: onReady, onMessage: onMessage), to: channel) }
    return RedisSubscription { [mailbox] in mailbox.post { $0.subscriptions.remove(id, from: channel) } }
  }
}

/// Identifies a subscription.
final class SubscriptionID: Sendable {}
