import { defineFlags } from "@kube-ts/std/flags";

const root = "/var/lib/kubelet";

/** The kubelet's command line. Flags without a default override the field of the config file that they stand for. */
export const kubeletFlags = defineFlags({
  config: { type: "string", default: "", description: "file with a KubeletConfiguration; flags override it" },
  kubeconfig: {
    type: "string",
    default: "",
    description: "how to reach the API server; without it only static pods are run",
  },
  "bootstrap-kubeconfig": {
    type: "string",
    default: "",
    description: "how to ask for a client certificate while --kubeconfig has none that counts; it is then written",
  },
  "rotate-certificates": { type: "boolean", description: "renew the client certificate before it ends" },
  "rotate-server-certificates": {
    type: "boolean",
    description: "have the API server's signers make the serving certificate, and renew it",
  },
  "hostname-override": { type: "string", default: "", description: "name of the node instead of the host name" },
  "node-ip": {
    type: "stringList",
    default: [],
    description: "addresses of the node; found out from its interfaces by default",
  },
  "root-dir": { type: "string", default: root, description: "directory for pods and their volumes" },
  "cert-dir": {
    type: "string",
    default: `${root}/pki`,
    description: "directory of certificates that the kubelet makes or asks for",
  },
  "node-labels": { type: "stringMap", default: {}, description: "labels to register the node with" },
  "pod-infra-container-image": {
    type: "string",
    default: "registry.k8s.io/pause:3.10",
    description: "image that holds the namespaces of pods; it is never collected",
  },
  "cni-conf-dir": { type: "string", default: "/etc/cni/net.d", description: "directory of CNI network configurations" },
  "network-plugin": {
    type: "string",
    default: "kubenet",
    description:
      "kubenet for a bridge of this node alone, which the kubelet writes unless --cni-conf-dir has a network; " +
      "cni to wait for a network there",
  },
  "cni-bin-dir": { type: "stringList", default: ["/opt/cni/bin"], description: "directories of CNI plugins" },

  address: { type: "string", description: "address on which --port listens" },
  port: { type: "integer", description: "port for HTTPS" },
  "read-only-port": { type: "integer", description: "port for HTTP without authentication; 0 for none" },
  "healthz-bind-address": { type: "string", description: "address on which --healthz-port listens" },
  "healthz-port": { type: "integer", description: "port of the local health endpoint; 0 for none" },
  "tls-cert-file": { type: "string", description: "PEM file of the serving certificate" },
  "tls-private-key-file": { type: "string", description: "PEM file of the key of --tls-cert-file" },
  "client-ca-file": { type: "string", description: "PEM file of authorities of client certificates" },
  "anonymous-auth": { type: "boolean", description: "let requests without credentials in as system:anonymous" },
  "authentication-token-webhook": { type: "boolean", description: "have the API server check bearer tokens" },
  "authentication-token-webhook-cache-ttl": { type: "duration", description: "how long such an answer counts" },
  "authorization-mode": { type: "string", description: "AlwaysAllow or Webhook" },
  "authorization-webhook-cache-authorized-ttl": { type: "duration", description: "how long a yes counts" },
  "authorization-webhook-cache-unauthorized-ttl": { type: "duration", description: "how long a no counts" },
  "enable-debugging-handlers": { type: "boolean", description: "serve logs, exec, attach and port-forward" },
  "streaming-connection-idle-timeout": { type: "duration", description: "when an idle stream is closed" },

  "register-node": { type: "boolean", description: "register the node with the API server" },
  "register-with-taints": { type: "stringList", description: "taints to register with, as key=value:effect" },
  "provider-id": { type: "string", description: "identifier of the machine with its provider" },
  "node-status-update-frequency": { type: "duration", description: "how often the node's status is computed" },
  "node-status-max-images": { type: "integer", description: "images listed in the node's status; -1 for all" },
  "max-pods": { type: "integer", description: "pods that the node runs at most" },
  "pods-per-core": { type: "integer", description: "pods per core at most; 0 for no such limit" },
  "kube-reserved": { type: "stringMap", description: "resources kept for Kubernetes itself" },
  "system-reserved": { type: "stringMap", description: "resources kept for the system" },
  "enforce-node-allocatable": {
    type: "stringList",
    description: "what is held to the node's allocatable: pods or none",
  },

  "pod-manifest-path": { type: "string", description: "file or directory of static pods" },
  "file-check-frequency": { type: "duration", description: "how often --pod-manifest-path is read besides changes" },
  "sync-frequency": { type: "duration", description: "how often pods and volumes are looked through anyway" },
  "cluster-dns": { type: "stringList", description: "addresses of the cluster's DNS service" },
  "cluster-domain": { type: "string", description: "domain of the cluster" },
  "resolv-conf": { type: "string", description: "the node's resolver configuration" },
  "pod-max-pids": { type: "integer", description: "processes of one pod at most; -1 for no limit" },
  "allowed-unsafe-sysctls": { type: "stringList", description: "sysctls that pods may set beyond the safe ones" },
  "seccomp-default": { type: "boolean", description: "give containers the runtime's seccomp profile by default" },
  "cpu-cfs-quota": { type: "boolean", description: "enforce cpu limits" },
  "cpu-cfs-quota-period": { type: "duration", description: "period of cpu limits" },

  "container-runtime-endpoint": { type: "string", description: "the Docker Engine's socket" },
  "runtime-request-timeout": { type: "duration", description: "deadline of one request to the runtime" },
  "cgroup-driver": { type: "string", description: "cgroupfs or systemd; must be the runtime's" },
  "cgroup-root": { type: "string", description: "cgroup under which pods run; only / is supported" },
  "container-log-max-size": { type: "string", description: "size at which a container's log is rotated" },
  "container-log-max-files": { type: "integer", description: "log files of a container at most" },
  "serialize-image-pulls": { type: "boolean", description: "pull one image at a time" },
  "max-parallel-image-pulls": {
    type: "integer",
    description: "images pulled at a time; needs serialize-image-pulls=false",
  },
  "registry-qps": { type: "integer", description: "image pulls a second; 0 for no limit" },
  "registry-burst": { type: "integer", description: "image pulls at once before --registry-qps counts" },
  "image-gc-high-threshold": { type: "integer", description: "percent of disk use at which images are removed" },
  "image-gc-low-threshold": { type: "integer", description: "percent of disk use down to which images are removed" },
  "minimum-image-ttl-duration": { type: "duration", description: "age below which no image is removed" },

  "eviction-hard": {
    type: "stringList",
    description: "thresholds at which pods are evicted, as memory.available<100Mi",
  },
  "eviction-soft": { type: "stringList", description: "thresholds at which pods are evicted after a grace period" },
  "eviction-soft-grace-period": { type: "stringMap", description: "grace periods of soft thresholds" },
  "eviction-max-pod-grace-period": { type: "integer", description: "seconds a pod gets at a soft threshold" },
  "eviction-minimum-reclaim": { type: "stringMap", description: "how much more than needed is reclaimed" },
  "eviction-pressure-transition-period": { type: "duration", description: "how long pressure lasts after it is gone" },

  "event-qps": { type: "integer", description: "events a second; 0 for no limit" },
  "event-burst": { type: "integer", description: "events at once before --event-qps counts" },
  "kube-api-qps": { type: "integer", description: "requests a second to the API server" },
  "kube-api-burst": { type: "integer", description: "requests at once before --kube-api-qps counts" },
  "fail-swap-on": { type: "boolean", description: "refuse to run on a machine with swap" },
  "fail-cgroupv1": { type: "boolean", description: "refuse to run on a machine with cgroup v1" },
  "oom-score-adj": { type: "integer", description: "the kubelet's own oom_score_adj" },
});
