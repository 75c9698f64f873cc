import { booleanFlag, type FlagValues, integerFlag, repeatedFlag, stringFlag } from "./flag.ts";

/** The flags that every command takes. */
export const globalFlags = {
  as: stringFlag(
    "Username to impersonate for the operation. User could be a regular user or a service account in a namespace.",
  ),
  "as-group": repeatedFlag(
    "Group to impersonate for the operation, this flag can be repeated to specify multiple groups.",
  ),
  "as-uid": stringFlag("UID to impersonate for the operation."),
  "as-user-extra": repeatedFlag(
    "User extras to impersonate for the operation, this flag can be repeated to specify multiple values for the same key.",
  ),
  "cache-dir": stringFlag("Default cache directory"),
  "certificate-authority": stringFlag("Path to a cert file for the certificate authority"),
  "client-certificate": stringFlag("Path to a client certificate file for TLS"),
  "client-key": stringFlag("Path to a client key file for TLS"),
  cluster: stringFlag("The name of the kubeconfig cluster to use"),
  context: stringFlag("The name of the kubeconfig context to use"),
  "insecure-skip-tls-verify": booleanFlag(
    "If true, the server's certificate will not be checked for validity. This will make your HTTPS connections insecure",
  ),
  kubeconfig: stringFlag("Path to the kubeconfig file to use for CLI requests."),
  kuberc: stringFlag(
    "Path to the kuberc file to use for preferences; KUBECTL_KUBERC=false or KUBERC=off turns them off.",
  ),
  "match-server-version": booleanFlag("Require server version to match client version"),
  namespace: stringFlag("If present, the namespace scope for this CLI request", { short: "n" }),
  password: stringFlag("Password for basic authentication to the API server"),
  "request-timeout": stringFlag(
    "The length of time to wait before giving up on a single server request. Non-zero values should contain a corresponding time unit (e.g. 1s, 2m, 3h). A value of zero means don't timeout requests.",
    { default: "0" },
  ),
  server: stringFlag("The address and port of the Kubernetes API server", { short: "s" }),
  "tls-server-name": stringFlag(
    "Server name to use for server certificate validation. If it is not provided, the hostname used to contact the server is used",
  ),
  token: stringFlag("Bearer token for authentication to the API server"),
  user: stringFlag("The name of the kubeconfig user to use"),
  username: stringFlag("Username for basic authentication to the API server"),
  v: integerFlag("number for the log level verbosity", { short: "v" }),
  "warnings-as-errors": booleanFlag(
    "Treat warnings received from the server as errors and exit with a non-zero exit code",
  ),
  help: booleanFlag("Help for the command", { short: "h", hidden: true }),
} as const;

export type GlobalValues = FlagValues<typeof globalFlags>;
