import { after, before } from "node:test";
import { EtcdProcess } from "../testing/etcd-process.ts";
import { storeContract } from "../testing/store-contract.ts";
import { EtcdStore } from "./etcd-store.ts";

let etcd: EtcdProcess;
let store: EtcdStore;

before(async () => {
  etcd = await EtcdProcess.start();
  store = new EtcdStore({ endpoints: [etcd.endpoint] });
});

after(async () => {
  await store[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

storeContract("etcd", () =>
  Promise.resolve({
    store,
    elapse: () => Promise.resolve(),
    setFull: (full) => (full ? etcd.maintain.raiseNoSpace() : etcd.maintain.disarm()),
  }),
);
