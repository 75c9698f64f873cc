import type { AuditEvent } from "../audit-event.ts";

const receivedMs = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

const sample: AuditEvent = {
  level: "Metadata",
  auditId: "id",
  stage: "ResponseComplete",
  requestUri: "/api/v1/namespaces/a/pods/b",
  verb: "get",
  user: { name: "jane", uid: "", groups: ["devs"], extra: {} },
  impersonatedUser: undefined,
  impersonationConstraint: undefined,
  sourceIps: ["192.0.2.1"],
  userAgent: "test",
  objectRef: {
    resource: "pods",
    namespace: "a",
    name: "b",
    uid: "",
    apiGroup: "",
    apiVersion: "v1",
    resourceVersion: "",
    subresource: "",
  },
  responseStatus: undefined,
  requestObject: undefined,
  responseObject: undefined,
  receivedMs,
  stageMs: receivedMs + 1,
  annotations: undefined,
};

export function sampleEvent(changes: Partial<AuditEvent> = {}): AuditEvent {
  return { ...sample, ...changes };
}
