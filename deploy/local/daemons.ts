import { join } from "node:path";
import { apiServerFiles } from "./api-server-files.ts";
import { daemonPorts } from "./daemon-ports.ts";
import type { Identities } from "./identities.ts";
import { kubeletConfigFile } from "./kubelet-config.ts";
import type { LocalCluster } from "./layout.ts";
import { repositoryRoot } from "./layout.ts";
import { pauseImage } from "../images/recipes.ts";
import type { Daemon } from "./supervision.ts";

/** With authentication and forward secrecy, by their names in Go. Only TLS 1.2 needs to be told. */
const strongCiphers = ["ECDSA", "RSA"].flatMap((key) =>
  ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256"].map(
    (cipher) => `TLS_ECDHE_${key}_WITH_${cipher}`,
  ),
);

const bin = (component: string, program: string) => join(repositoryRoot, "packages", component, "bin", program);

/** The programs of a local cluster besides Docker, in the order in which they start. */
export function clusterDaemons(cluster: LocalCluster, identities: Identities): readonly Daemon[] {
  return [etcd, apiServer, controllerManager, scheduler, kubelet, kubeProxy, clusterDns].map((daemon) =>
    daemon(cluster, identities),
  );
}

function controllerManager(cluster: LocalCluster, identities: Identities): Daemon {
  const { kubeconfigs, clusterCa, clusterCaKey, serviceAccounts } = identities;
  return {
    name: "kube-controller-manager",
    ports: daemonPorts(cluster)["kube-controller-manager"],
    command: bin("controller-manager", "kube-controller-manager"),
    args: [
      `--kubeconfig=${kubeconfigs["kube-controller-manager"]}`,
      "--bind-address=127.0.0.1",
      "--controllers=*,bootstrapsigner,tokencleaner",
      `--root-ca-file=${clusterCa}`,
      `--cluster-signing-cert-file=${clusterCa}`,
      `--cluster-signing-key-file=${clusterCaKey}`,
      `--service-account-private-key-file=${serviceAccounts.key}`,
      "--use-service-account-credentials=true",
      "--allocate-node-cidrs=true",
      `--cluster-cidr=${cluster.podCidr}`,
      `--service-cluster-ip-range=${cluster.serviceCidr}`,
      "--leader-elect=true",
    ],
  };
}

function scheduler(cluster: LocalCluster, { kubeconfigs }: Identities): Daemon {
  return {
    name: "kube-scheduler",
    ports: daemonPorts(cluster)["kube-scheduler"],
    command: bin("scheduler", "kube-scheduler"),
    args: [`--kubeconfig=${kubeconfigs["kube-scheduler"]}`, "--bind-address=127.0.0.1", "--leader-elect=true"],
  };
}

function kubelet(cluster: LocalCluster, { kubeconfigs, kubeletServer, clusterCa }: Identities): Daemon {
  const state = (...parts: string[]) => join(cluster.directory, ...parts);
  return {
    name: "kubelet",
    ports: daemonPorts(cluster).kubelet,
    command: bin("kubelet", "kubelet"),
    args: [
      `--kubeconfig=${kubeconfigs.kubelet}`,
      `--config=${kubeletConfigFile(cluster)}`,
      `--node-ip=${cluster.nodeIp}`,
      `--root-dir=${state("kubelet")}`,
      `--cert-dir=${state("kubelet", "pki")}`,
      `--tls-cert-file=${kubeletServer.cert}`,
      `--tls-private-key-file=${kubeletServer.key}`,
      `--client-ca-file=${clusterCa}`,
      "--anonymous-auth=false",
      "--authorization-mode=Webhook",
      `--cluster-dns=${cluster.dnsServiceIp}`,
      `--cluster-domain=${cluster.clusterDomain}`,
      `--container-runtime-endpoint=unix://${cluster.dockerSocket}`,
      `--pod-infra-container-image=${pauseImage.tag}`,
      `--cni-conf-dir=${state("cni", "net.d")}`,
      "--cni-bin-dir=/usr/lib/cni",
      "--fail-swap-on=false",
    ],
  };
}

function kubeProxy(cluster: LocalCluster, { kubeconfigs }: Identities): Daemon {
  return {
    name: "kube-proxy",
    ports: daemonPorts(cluster)["kube-proxy"],
    command: bin("kube-proxy", "kube-proxy"),
    args: [
      `--kubeconfig=${kubeconfigs["kube-proxy"]}`,
      `--hostname-override=${cluster.nodeName}`,
      `--cluster-cidr=${cluster.podCidr}`,
    ],
  };
}

function clusterDns(cluster: LocalCluster, { kubeconfigs }: Identities): Daemon {
  return {
    name: "cluster-dns",
    ports: daemonPorts(cluster)["cluster-dns"],
    command: bin("cluster-dns", "cluster-dns"),
    args: [
      `--kubeconfig=${kubeconfigs["cluster-dns"]}`,
      `--cluster-domain=${cluster.clusterDomain}`,
      `--bind-address=${cluster.nodeIp}`,
      `--port=${cluster.dnsPort}`,
    ],
  };
}

function etcd(cluster: LocalCluster, identities: Identities): Daemon {
  const url = `https://127.0.0.1:${cluster.etcdPort}`;
  const peerUrl = `https://127.0.0.1:${cluster.etcdPeerPort}`;
  return {
    name: "etcd",
    ports: daemonPorts(cluster).etcd,
    command: "etcd",
    args: [
      "--name=local",
      `--data-dir=${join(cluster.directory, "etcd")}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=local=${peerUrl}`,
      "--client-cert-auth",
      `--trusted-ca-file=${identities.etcdCa}`,
      `--cert-file=${identities.etcdServer.cert}`,
      `--key-file=${identities.etcdServer.key}`,
      "--peer-client-cert-auth",
      `--peer-trusted-ca-file=${identities.etcdCa}`,
      `--peer-cert-file=${identities.etcdPeer.cert}`,
      `--peer-key-file=${identities.etcdPeer.key}`,
      `--cipher-suites=${strongCiphers.join(",")}`,
      "--logger=zap",
    ],
  };
}

function apiServer(cluster: LocalCluster, identities: Identities): Daemon {
  const files = apiServerFiles(cluster);
  const issuer = `https://kubernetes.default.svc.${cluster.clusterDomain}`;
  return {
    name: "kube-apiserver",
    ports: daemonPorts(cluster)["kube-apiserver"],
    command: bin("apiserver", "kube-apiserver"),
    args: [
      `--advertise-address=${cluster.nodeIp}`,
      `--secure-port=${cluster.apiPort}`,
      `--tls-cert-file=${identities.apiServer.cert}`,
      `--tls-private-key-file=${identities.apiServer.key}`,
      "--tls-min-version=VersionTLS12",
      `--tls-cipher-suites=${strongCiphers.join(",")}`,
      `--client-ca-file=${identities.clusterCa}`,
      `--authentication-config=${files.authentication}`,
      "--profiling=false",
      `--audit-policy-file=${files.auditPolicy}`,
      `--audit-log-path=${files.auditLog}`,
      "--audit-log-maxage=30",
      "--audit-log-maxbackup=10",
      "--audit-log-maxsize=100",
      `--requestheader-client-ca-file=${identities.frontProxyCa}`,
      "--requestheader-allowed-names=front-proxy-client",
      "--requestheader-username-headers=X-Remote-User",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      `--proxy-client-cert-file=${identities.frontProxyClient.cert}`,
      `--proxy-client-key-file=${identities.frontProxyClient.key}`,
      `--etcd-servers=https://127.0.0.1:${cluster.etcdPort}`,
      `--etcd-cafile=${identities.etcdCa}`,
      `--etcd-certfile=${identities.etcdClient.cert}`,
      `--etcd-keyfile=${identities.etcdClient.key}`,
      `--service-cluster-ip-range=${cluster.serviceCidr}`,
      `--service-account-issuer=${issuer}`,
      `--service-account-signing-key-file=${identities.serviceAccounts.key}`,
      `--service-account-key-file=${identities.serviceAccounts.publicKey}`,
      "--service-account-extend-token-expiration=false",
      "--enable-bootstrap-token-auth=true",
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      `--kubelet-client-certificate=${identities.apiServerToKubelet.cert}`,
      `--kubelet-client-key=${identities.apiServerToKubelet.key}`,
      `--kubelet-certificate-authority=${identities.clusterCa}`,
      "--kubelet-preferred-address-types=InternalIP,Hostname",
    ],
  };
}
