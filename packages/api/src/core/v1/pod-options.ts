import type { TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Int64, Time } from "../../meta/v1/primitives.ts";

/**
 * Query options for a request that is proxied to a node.
 * @kind
 */
export interface NodeProxyOptions extends TypeMeta {
  /**
   * URL path to use for the proxied request to the node.
   * @proto 1
   */
  path?: string;
}

/**
 * Query options for attaching to a running container of a pod.
 * @kind
 */
export interface PodAttachOptions extends TypeMeta {
  /**
   * Redirects standard input of the container for this call. Defaults to false.
   * @proto 1
   */
  stdin?: boolean;
  /**
   * Redirects standard output of the container for this call. Defaults to true.
   * @proto 2
   */
  stdout?: boolean;
  /**
   * Redirects standard error of the container for this call. Defaults to true.
   * @proto 3
   */
  stderr?: boolean;
  /**
   * Uses a terminal for the attach call; it is passed on to the container runtime, which allocates it on
   * the worker node. Defaults to false.
   * @proto 4
   */
  tty?: boolean;
  /**
   * Container to attach to. May be left out only when the pod has a single container.
   * @proto 5
   */
  container?: string;
}

/**
 * Query options for running a command in a container of a pod.
 * @kind
 */
export interface PodExecOptions extends TypeMeta {
  /**
   * Redirects standard input of the command for this call. Defaults to false.
   * @proto 1
   */
  stdin?: boolean;
  /**
   * Redirects standard output of the command for this call.
   * @proto 2
   */
  stdout?: boolean;
  /**
   * Redirects standard error of the command for this call.
   * @proto 3
   */
  stderr?: boolean;
  /**
   * Allocates a terminal for the command. Defaults to false.
   * @proto 4
   */
  tty?: boolean;
  /**
   * Container in which to run the command. May be left out only when the pod has a single container.
   * @proto 5
   */
  container?: string;
  /**
   * Command and its arguments, executed directly without a shell.
   * @proto 6
   * @listType atomic
   */
  command: string[];
}

/**
 * Query options for reading the logs of a pod.
 * @kind
 */
export interface PodLogOptions extends TypeMeta {
  /**
   * Container whose logs are read. May be left out only when the pod has a single container.
   * @proto 1
   */
  container?: string;
  /**
   * Keeps the response open and streams new log lines when true. Defaults to false.
   * @proto 2
   */
  follow?: boolean;
  /**
   * Returns logs of the previous, terminated instance of the container. Defaults to false.
   * @proto 3
   */
  previous?: boolean;
  /**
   * Returns only lines newer than this many seconds before now. At most one of sinceSeconds and sinceTime
   * may be set.
   * @proto 4
   */
  sinceSeconds?: Int64;
  /**
   * Returns only lines newer than this RFC 3339 time. At most one of sinceSeconds and sinceTime may be set.
   * @proto 5
   */
  sinceTime?: Time;
  /**
   * Starts every line with an RFC 3339 timestamp when true. Defaults to false.
   * @proto 6
   */
  timestamps?: boolean;
  /**
   * Number of lines from the end of the log to return. All lines since container creation or the given
   * start time are returned when unset.
   * @proto 7
   */
  tailLines?: Int64;
  /**
   * Number of bytes after which output stops. The last line may be cut, and slightly more or less than the
   * limit may be returned.
   * @proto 8
   */
  limitBytes?: Int64;
  /**
   * Skips verification of the kubelet's serving certificate. The API server can then not tell whether the
   * log data comes from the real kubelet.
   * @proto 9
   */
  insecureSkipTLSVerifyBackend?: boolean;
  /**
   * Which container log stream to return: All, Stdout or Stderr. Defaults to All, which interleaves both;
   * tailLines cannot be combined with Stdout or Stderr.
   * @proto 10
   */
  stream?: string;
}

/**
 * Query options for forwarding ports to a pod.
 * @kind
 */
export interface PodPortForwardOptions extends TypeMeta {
  /**
   * Pod ports to forward. Required when WebSockets are used.
   * @proto 1
   * @listType atomic
   */
  ports?: Int32[];
}

/**
 * Query options for a request that is proxied to a pod.
 * @kind
 */
export interface PodProxyOptions extends TypeMeta {
  /**
   * URL path to use for the proxied request to the pod.
   * @proto 1
   */
  path?: string;
}

/**
 * Query options of a proxy request to a service.
 * @kind
 */
export interface ServiceProxyOptions extends TypeMeta {
  /**
   * Path within the service to which the request is proxied.
   * @proto 1
   */
  path?: string;
}
