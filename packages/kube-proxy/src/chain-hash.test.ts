import assert from "node:assert/strict";
import { test } from "node:test";
import { chainHash } from "./chain-hash.ts";
import { endpointChainName, isOwnedChain, serviceChainNames } from "./rules/chain-names.ts";

test("the chains of a well-known Service have the names that upstream gives them", () => {
  assert.deepEqual(serviceChainNames("default/kubernetes:https", "tcp", chainHash), {
    cluster: "KUBE-SVC-NPX46M4PTMTKRN6Y",
    local: "KUBE-SVL-NPX46M4PTMTKRN6Y",
    external: "KUBE-EXT-NPX46M4PTMTKRN6Y",
    firewall: "KUBE-FW-NPX46M4PTMTKRN6Y",
  });
  assert.equal(serviceChainNames("kube-system/kube-dns:dns", "udp", chainHash).cluster, "KUBE-SVC-TCOU7JCQXEZGVUNU");
});

test("an endpoint's chain depends on its address", () => {
  assert.equal(endpointChainName("ns/web:http", "tcp", "10.244.2.2:8080", chainHash), "KUBE-SEP-W2BONUJLCZBKNJQR");
});

test("only the proxy's own chains are leftovers when unwanted", () => {
  const owned = [
    "KUBE-SERVICES",
    "KUBE-PROXY-CANARY",
    "KUBE-SVC-X",
    "KUBE-SVL-X",
    "KUBE-EXT-X",
    "KUBE-FW-X",
    "KUBE-SEP-X",
  ];
  for (const name of owned) assert.equal(isOwnedChain(name), true, name);
  for (const name of ["KUBE-FIREWALL", "KUBE-KUBELET-CANARY", "DOCKER", "INPUT"]) {
    assert.equal(isOwnedChain(name), false, name);
  }
});
