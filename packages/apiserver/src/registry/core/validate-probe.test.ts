import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Draft } from "../meta/testing/rule-bench.ts";
import { containerErrors } from "./testing/pod-drafts.ts";

const exec = { command: ["true"] };

function refuses(what: string, fields: Draft, errors: readonly string[], spec: Draft = {}): void {
  it(what, () => assert.deepEqual(containerErrors(fields, spec), errors));
}

describe("a probe", () => {
  refuses(
    "may ask by HTTP",
    { readinessProbe: { httpGet: { port: "web", httpHeaders: [{ name: "X-A", value: "b" }] } } },
    [],
  );
  refuses("may ask by gRPC", { livenessProbe: { grpc: { port: 9000 }, terminationGracePeriodSeconds: 5 } }, []);
  refuses("does something", { livenessProbe: {} }, ["livenessProbe: Required value: must specify a handler type"]);
  refuses("does one thing", { livenessProbe: { exec, tcpSocket: { port: 1 }, grpc: { port: 2 } } }, [
    "livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
    "livenessProbe.grpc: Forbidden: may not specify more than 1 handler type",
  ]);
  refuses("runs a command", { livenessProbe: { exec: { command: [] } } }, [
    "livenessProbe.exec.command: Required value",
  ]);
  refuses(
    "asks for right things",
    { readinessProbe: { httpGet: { port: 0, scheme: "FTP", httpHeaders: [{ name: "a b", value: "" }] } } },
    [
      "readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive",
      'readinessProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"',
      `readinessProbe.httpGet.httpHeaders: Invalid value: "a b": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')`,
    ],
  );
  refuses("dials a right port", { startupProbe: { tcpSocket: { port: "NOT_A_PORT" } } }, [
    'startupProbe.tcpSocket.port: Invalid value: "NOT_A_PORT": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    'startupProbe.tcpSocket.port: Invalid value: "NOT_A_PORT": must contain at least one letter (a-z)',
  ]);
  refuses(
    "has no negative numbers",
    {
      readinessProbe: {
        exec,
        initialDelaySeconds: -1,
        timeoutSeconds: -1,
        periodSeconds: -1,
        successThreshold: -1,
        failureThreshold: -1,
      },
    },
    [
      "readinessProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0",
      "readinessProbe.timeoutSeconds: Invalid value: -1: must be greater than or equal to 0",
      "readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
      "readinessProbe.successThreshold: Invalid value: -1: must be greater than or equal to 0",
      "readinessProbe.failureThreshold: Invalid value: -1: must be greater than or equal to 0",
    ],
  );
  refuses("of liveness succeeds at once", { livenessProbe: { exec, successThreshold: 2 } }, [
    "livenessProbe.successThreshold: Invalid value: 2: must be 1",
  ]);
  refuses("of startup succeeds at once", { startupProbe: { exec, successThreshold: 2 } }, [
    "startupProbe.successThreshold: Invalid value: 2: must be 1",
  ]);
  refuses("of readiness ends nothing", { readinessProbe: { exec, terminationGracePeriodSeconds: 5 } }, [
    "readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes",
  ]);
  refuses("leaves some time to end", { livenessProbe: { exec, terminationGracePeriodSeconds: 0 } }, [
    "livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0",
  ]);
});

describe("a hook", () => {
  refuses("may sleep", { lifecycle: { preStop: { sleep: { seconds: 5 } } } }, []);
  refuses("does something", { lifecycle: { postStart: {} } }, [
    "lifecycle.postStart: Required value: must specify a handler type",
  ]);
  refuses("does one thing", { lifecycle: { preStop: { exec, sleep: { seconds: 1 } } } }, [
    "lifecycle.preStop.sleep: Forbidden: may not specify more than 1 handler type",
  ]);
  refuses("sleeps no longer than it may take", { lifecycle: { preStop: { sleep: { seconds: 31 } } } }, [
    "lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)",
  ]);
  refuses("does not sleep backwards", { lifecycle: { preStop: { sleep: { seconds: -1 } } } }, [
    "lifecycle.preStop.sleep: Invalid value: -1: must be non-negative and less than terminationGracePeriodSeconds (30)",
  ]);
});
