import type { Signal } from "./container-status.ts";
import type { Int32, Int64, IntOrString } from "../../meta/v1/primitives.ts";

/** Runs a command inside a container. */
export interface ExecAction {
  /**
   * Command line, run with the container's root (/) as working directory and without a shell. Exit status 0
   * means healthy; any other means unhealthy.
   * @proto 1
   * @listType atomic
   */
  command?: string[];
}

/** Checks a container by calling the standard gRPC health service. */
export interface GRPCAction {
  /**
   * Port number of the gRPC service, from 1 to 65535. Required.
   * @proto 1
   */
  port: Int32;
  /**
   * Service name to put into the health check request. When empty, the default, the behavior is defined by
   * gRPC and usually means the whole server.
   * @proto 2
   * @default ""
   */
  service?: string;
}

/** Sends an HTTP GET request to a container, for a probe or a lifecycle hook. */
export interface HTTPGetAction {
  /**
   * Path to request on the HTTP server. Defaults to /.
   * @proto 1
   */
  path?: string;
  /**
   * Port of the container, as a number from 1 to 65535 or as the name of a container port. Required.
   * @proto 2
   */
  port: IntOrString;
  /**
   * Host to connect to. Defaults to the pod's IP address. To set only the Host header, use httpHeaders.
   * @proto 3
   */
  host?: string;
  /**
   * Scheme of the request: HTTP or HTTPS. Defaults to HTTP.
   * @proto 4
   */
  scheme?: URIScheme;
  /**
   * Headers to add to the request. The same header may be repeated.
   * @proto 5
   * @listType atomic
   */
  httpHeaders?: HTTPHeader[];
}

/** A custom header of an HTTP probe or hook request. */
export interface HTTPHeader {
  /**
   * Name of the header. It is canonicalized, so names that differ only in case are the same header.
   * Required.
   * @proto 1
   */
  name: string;
  /**
   * Value of the header. Required.
   * @proto 2
   */
  value: string;
}

/**
 * Hooks and signal that control how a container starts and stops. The container's management waits until a
 * hook has completed, unless the container fails or exits.
 */
export interface Lifecycle {
  /**
   * Hook run right after the container is created. If it fails, the container is terminated and restarted
   * according to its restart policy.
   * @proto 1
   */
  postStart?: LifecycleHandler;
  /**
   * Hook run before the container is stopped by an API request or management event, such as a failed probe,
   * but not when it exits by itself. The pod's termination grace period starts before the hook runs and
   * bounds it.
   * @proto 2
   */
  preStop?: LifecycleHandler;
  /**
   * Signal sent to the container to stop it. When unset, the image's stop signal or the runtime's default
   * is used. May be set only when the pod's spec.os.name is set.
   * @proto 3
   */
  stopSignal?: Signal;
}

/** Action of a lifecycle hook. Exactly one member must be set. */
export interface LifecycleHandler {
  /**
   * Command to run in the container.
   * @proto 1
   */
  exec?: ExecAction;
  /**
   * HTTP GET request to send.
   * @proto 2
   */
  httpGet?: HTTPGetAction;
  /**
   * Not supported for lifecycle hooks and kept only for compatibility; a hook that uses it fails when it
   * runs. Deprecated.
   * @proto 3
   */
  tcpSocket?: TCPSocketAction;
  /**
   * Time for which the hook pauses.
   * @proto 4
   */
  sleep?: SleepAction;
}

/** A health check that the kubelet runs periodically against a container. */
export interface Probe extends ProbeHandler {
  /**
   * Seconds to wait after the container starts before the first check. Defaults to 0.
   * @proto 2
   */
  initialDelaySeconds?: Int32;
  /**
   * Seconds after which a single check is counted as failed. Defaults to 1, which is also the minimum.
   * @proto 3
   */
  timeoutSeconds?: Int32;
  /**
   * Seconds between checks. Defaults to 10; the minimum is 1.
   * @proto 4
   */
  periodSeconds?: Int32;
  /**
   * Consecutive successes needed after a failure for the probe to pass again. Defaults to 1, and must be 1
   * for liveness and startup probes.
   * @proto 5
   */
  successThreshold?: Int32;
  /**
   * Consecutive failures after which the probe is considered failed. Defaults to 3; the minimum is 1.
   * @proto 6
   */
  failureThreshold?: Int32;
  /**
   * Seconds the container gets to shut down after this probe fails, overriding the pod's
   * terminationGracePeriodSeconds. The minimum is 1, and it may not be set on readiness probes.
   * @proto 7
   */
  terminationGracePeriodSeconds?: Int64;
}

/** The action a probe performs. Exactly one of its members must be set. */
export interface ProbeHandler {
  /**
   * Runs a command inside the container; exit status 0 is a success.
   * @proto 1
   */
  exec?: ExecAction;
  /**
   * Sends an HTTP GET request; a status code from 200 to 399 is a success.
   * @proto 2
   */
  httpGet?: HTTPGetAction;
  /**
   * Opens a TCP connection; the check succeeds if the connection is established.
   * @proto 3
   */
  tcpSocket?: TCPSocketAction;
  /**
   * Calls the gRPC health checking service; the check succeeds when it answers SERVING.
   * @proto 4
   */
  grpc?: GRPCAction;
}

/** A lifecycle action that pauses for a given time. */
export interface SleepAction {
  /**
   * Number of seconds to sleep.
   * @proto 1
   */
  seconds: Int64;
}

/** An action that opens a TCP connection to a port. */
export interface TCPSocketAction {
  /**
   * Port to connect to, as a number from 1 to 65535 or the name of a container port.
   * @proto 1
   */
  port: IntOrString;
  /**
   * Host to connect to. Defaults to the pod's IP.
   * @proto 2
   */
  host?: string;
}

/**
 * Scheme used to connect for an HTTP action: HTTP or HTTPS.
 * @enumeration
 */
export type URIScheme = "HTTP" | "HTTPS";
