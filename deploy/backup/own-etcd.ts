import type { ClusterConfig } from "../cluster/cluster-config.ts";
import { httpsUrl } from "../cluster/endpoint.ts";
import { pkiDirectory } from "../machine/places.ts";
import { certificateFiles, trustedFile } from "../pki/certificate-files.ts";
import type { EtcdTarget } from "./etcd-snapshot.ts";

/** The member of etcd on this machine. */
export function ownEtcd({ ports }: ClusterConfig): EtcdTarget {
  return {
    endpoint: httpsUrl("127.0.0.1", ports.etcdClient),
    caFile: trustedFile(pkiDirectory, "etcd/ca"),
    client: certificateFiles(pkiDirectory, "etcd/healthcheck-client"),
  };
}
