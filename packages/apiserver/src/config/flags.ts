import { defineFlags } from "@kube-ts/std/flags";
import { secureServingFlags } from "@kube-ts/std/serving-flags";

/** The server's flags, under upstream's names. */
export const apiServerFlags = defineFlags({
  ...secureServingFlags(6443),
  "advertise-address": {
    type: "string",
    default: "",
    description: "IP address under which other members of the cluster reach this server; the bind address if unset",
  },
  "etcd-servers": {
    type: "stringList",
    default: [],
    description: "etcd endpoints as scheme://host:port, comma separated; required",
  },
  "etcd-cafile": { type: "string", default: "", description: "PEM file of the authorities of etcd's certificates" },
  "etcd-certfile": { type: "string", default: "", description: "PEM file of the client certificate for etcd" },
  "etcd-keyfile": { type: "string", default: "", description: "PEM file of the key of --etcd-certfile" },
  "etcd-prefix": { type: "string", default: "/registry", description: "prefix of all keys in etcd" },
  "etcd-compaction-interval": {
    type: "duration",
    default: 300_000,
    description: "time between compactions of etcd's history; 0 turns compaction off",
  },
  "etcd-db-metric-poll-interval": {
    type: "duration",
    default: 30_000,
    description: "time between readings of the size of etcd's database for the metrics; 0 turns them off",
  },
  "storage-media-type": {
    type: "string",
    default: "application/json",
    description: "how objects are stored: application/json is the only way",
  },
  "service-account-issuer": {
    type: "stringList",
    default: [],
    description: "issuers of service account tokens; the first signs, all are accepted; required",
  },
  "service-account-signing-key-file": {
    type: "string",
    default: "",
    description: "PEM file of the private key that signs service account tokens; required",
  },
  "service-account-key-file": {
    type: "stringList",
    default: [],
    description: "PEM files of keys that verify service account tokens; the signing key's public half if unset",
  },
  "service-account-max-token-expiration": {
    type: "duration",
    default: 0,
    description: "longest lifetime of an issued token; 0 for no limit",
  },
  "service-account-extend-token-expiration": {
    type: "boolean",
    default: true,
    description: "give the tokens injected into pods a longer lifetime than they ask for, and warn about its use",
  },
  "api-audiences": {
    type: "stringList",
    default: [],
    description: "audiences of this API; tokens must be issued for one of them. The issuers if unset",
  },
  "service-cluster-ip-range": {
    type: "stringList",
    default: ["10.0.0.0/24"],
    description: "CIDR ranges of service addresses: one, or one of each IP family",
  },
  "service-node-port-range": {
    type: "string",
    default: "30000-32767",
    description: "ports for services of type NodePort, inclusive at both ends",
  },
  "authorization-mode": {
    type: "stringList",
    default: ["AlwaysAllow"],
    description: "authorizers in order: Node, RBAC, AlwaysAllow, AlwaysDeny",
  },
  "anonymous-auth": {
    type: "boolean",
    default: true,
    description: "let requests without credentials through as system:anonymous",
  },
  "token-auth-file": { type: "string", default: "", description: "CSV file of static bearer tokens" },
  "enable-bootstrap-token-auth": {
    type: "boolean",
    default: false,
    description: "accept bootstrap tokens, which are secrets in kube-system, for TLS bootstrapping",
  },
  "enable-admission-plugins": {
    type: "stringList",
    default: [],
    description: "admission plugins to turn on besides those that are on by default",
  },
  "disable-admission-plugins": {
    type: "stringList",
    default: [],
    description: "admission plugins to turn off although they are on by default",
  },
  "kubelet-client-certificate": {
    type: "string",
    default: "",
    description: "PEM file of the client certificate for kubelets",
  },
  "kubelet-client-key": { type: "string", default: "", description: "PEM file of its key" },
  "kubelet-certificate-authority": {
    type: "string",
    default: "",
    description: "PEM file of the authorities of kubelets' serving certificates; unchecked if unset",
  },
  "kubelet-preferred-address-types": {
    type: "stringList",
    default: ["Hostname", "InternalDNS", "InternalIP", "ExternalDNS", "ExternalIP"],
    description: "node address types in the order in which they are tried",
  },
  "requestheader-client-ca-file": {
    type: "string",
    default: "",
    description: "PEM file of the authorities of front proxies, whose headers name the user",
  },
  "requestheader-allowed-names": {
    type: "stringList",
    default: [],
    description: "common names of front proxies' certificates; any if unset",
  },
  "requestheader-username-headers": {
    type: "stringList",
    default: ["x-remote-user"],
    description: "headers in which front proxies name the user",
  },
  "requestheader-uid-headers": {
    type: "stringList",
    default: [],
    description: "headers in which front proxies give the user's uid",
  },
  "requestheader-group-headers": {
    type: "stringList",
    default: ["x-remote-group"],
    description: "headers in which front proxies give the user's groups",
  },
  "requestheader-extra-headers-prefix": {
    type: "stringList",
    default: ["x-remote-extra-"],
    description: "prefixes of headers in which front proxies say more about the user",
  },
  "proxy-client-cert-file": {
    type: "string",
    default: "",
    description: "PEM file of the certificate by which aggregated servers know this one",
  },
  "proxy-client-key-file": { type: "string", default: "", description: "PEM file of its key" },
  "aggregator-reject-forwarding-redirect": {
    type: "boolean",
    default: true,
    description: "do not pass redirects of aggregated servers on to clients",
  },
  "enable-aggregator-routing": {
    type: "boolean",
    default: false,
    description: "send requests to the endpoints of aggregated servers instead of their cluster addresses",
  },
  "kubelet-timeout": { type: "duration", default: 5_000, description: "how long a kubelet may take to answer" },
  "request-timeout": {
    type: "duration",
    default: 60_000,
    description: "how long a request may take before it is given up; watches and streams excepted",
  },
  "max-requests-inflight": {
    type: "integer",
    default: 400,
    description: "requests that only read, answered at a time; more are refused with 429. 0 for no bound",
  },
  "max-mutating-requests-inflight": {
    type: "integer",
    default: 200,
    description: "requests that write, answered at a time; more are refused with 429. 0 for no bound",
  },
  "min-request-timeout": {
    type: "integer",
    default: 1800,
    description: "least number of seconds that a watch stays open when the client sets no timeout",
  },
  workers: {
    type: "integer",
    default: 1,
    description: "processes that serve behind one port, each with its caches; for machines with cores to spare",
  },
  "runtime-config": {
    type: "stringMap",
    default: {},
    description:
      "API versions to turn on or off, as key=true or key=false: GROUP/VERSION, v1 for the core group, " +
      "GROUP/VERSION/RESOURCE, api/all, api/ga, api/beta, api/alpha, and api/legacy for those that upstream has removed",
  },
  "event-ttl": { type: "duration", default: 3_600_000, description: "how long events are kept" },
});
