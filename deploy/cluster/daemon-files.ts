/** Files of a key pair with its certificate. */
export interface PairFiles {
  readonly cert: string;
  readonly key: string;
}

/** Where each daemon of a machine finds its files: what its flags and configuration files name. */
export interface DaemonFiles {
  readonly clusterCa: string;
  readonly etcdCa: string;
  readonly frontProxyCa: string;
  readonly serviceAccountPublicKey: string;
  readonly etcd: { readonly data: string; readonly server: PairFiles; readonly peer: PairFiles };
  readonly apiServer: {
    readonly serving: PairFiles;
    readonly toKubelet: PairFiles;
    readonly toEtcd: PairFiles;
    readonly frontProxyClient: PairFiles;
    readonly serviceAccountKey: string;
    readonly authentication: string;
    readonly auditPolicy: string;
    /** How secrets are encrypted in etcd; undefined where they are not. */
    readonly encryption: string | undefined;
    readonly auditLog: string;
  };
  readonly controllerManager: {
    readonly kubeconfig: string;
    /** With which certificates are signed. */
    readonly authority: PairFiles;
    readonly serviceAccountKey: string;
  };
  readonly scheduler: { readonly kubeconfig: string };
  readonly autoscaler: { readonly kubeconfig: string };
  readonly kubelet: {
    readonly kubeconfig: string;
    /** With whose token the kubelet asks for its first certificate; undefined where it has one. */
    readonly bootstrapKubeconfig: string | undefined;
    readonly config: string;
    readonly root: string;
    readonly certificates: string;
    /** Undefined for a kubelet that has the API server's signers make its serving certificate. */
    readonly serving: PairFiles | undefined;
    readonly podLogs: string;
    readonly staticPods: string | undefined;
    readonly dockerSocket: string;
    readonly cniConfig: string;
    readonly cniPlugins: readonly string[];
  };
  readonly kubeProxy: { readonly kubeconfig: string; readonly config: string };
  readonly podNetworkAgent: { readonly kubeconfig: string };
  readonly clusterDns: { readonly kubeconfig: string };
  /** The machine's own resolver configuration, with servers that answer other machines. */
  readonly resolvConf: string;
}
