import JSON

extension EndpointDescription {
  static let newWebhook = EndpointDescription(
    summary: "Creates a webhook endpoint, and returns its secret.", body: [(ImageOperation.json, .schema("WebhookRequest"))],
    responses: [ok("The endpoint.", .schema("WebhookEndpoint"))], errors: [507])
  static let webhooks = EndpointDescription(
    summary: "Lists webhook endpoints, the newest first.", query: ObjectPageQuery.description(),
    responses: [ok("The endpoints.", .page(of: .schema("WebhookEndpoint")))])
  static let webhook = EndpointDescription(
    summary: "Returns a webhook endpoint.", responses: [ok("The endpoint.", .schema("WebhookEndpoint"))], errors: [404])
  static let webhookUpdate = EndpointDescription(
    summary: "Changes a webhook endpoint.", body: [(ImageOperation.json, .schema("WebhookUpdate"))],
    responses: [ok("The endpoint.", .schema("WebhookEndpoint"))], errors: [404, 409, 507])
  static let webhookDeletion = EndpointDescription(
    summary: "Deletes a webhook endpoint.",
    responses: [
      ok("It was deleted.", OpenAPIDocument.object(["id": ["type": "string"], "object": ["type": "string"], "deleted": ["const": true]]))
    ], errors: [404])
  static let webhookRotation = EndpointDescription(
    summary: "Replaces the secret of a webhook endpoint, and returns the new one.",
    responses: [ok("The endpoint.", .schema("WebhookEndpoint"))], errors: [404, 409, 507])
  static let webhookTest = EndpointDescription(
    summary: "Sends a webhook endpoint an event, and returns the status of its response.",
    body: [
      (ImageOperation.json, OpenAPIDocument.object(["event_type": ["enum": .strings(WebhookEvent.knownTypes)]]))
    ],
    responses: [
      ok(
        "The endpoint responded.",
        OpenAPIDocument.object([
          "object": ["const": "webhook_endpoint.test"], "webhook_endpoint_id": ["type": "string"], "event_type": ["type": "string"],
          "success": ["const": true], "status_code": ["type": "integer"],
        ]))
    ], errors: [404])
  static let webhookEventTypes = EndpointDescription(
    summary: "Lists the types of events that are sent.", responses: [ok("The types.", .list(of: ["type": "string"]))])
}

extension OpenAPIDocument {
  /// The bodies of webhook endpoints, by name.
  static let webhookSchemas: [JSONMember] = [
    ("WebhookRequest", object(webhookMembers)), ("WebhookUpdate", object([:], optional: webhookMembers)),
    (
      "WebhookEndpoint",
      object(
        [
          "id": string, "object": ["const": "webhook_endpoint"], "name": string, "url": string, "event_types": .array(of: string),
          "created_at": integer, "updated_at": integer, "signing_secret_hint": string,
        ], optional: ["signing_secret": string])
    ),
  ]

  private static let webhookMembers: JSONText = [
    "name": ["type": "string", "minLength": 1, "maxLength": .integer(WebhooksEndpoint.longestName)],
    "url": ["type": "string", "pattern": "^https?://[A-Za-z0-9]([A-Za-z0-9-]{0,40}[A-Za-z0-9])?(:[1-9][0-9]{0,3})?(/[a-z]{0,40})?$"],
    "event_types": ["type": "array", "minItems": 1, "items": ["enum": .strings(WebhookEvent.knownTypes)]],
  ]
}
