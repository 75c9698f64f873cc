import { after, before } from "node:test";
import { EtcdStore } from "../etcd/etcd-store.ts";
import { cacheContract } from "../testing/cache-contract.ts";
import { EtcdProcess } from "../testing/etcd-process.ts";

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

async function compactNow(): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  await store.compact(await store.currentRevision(signal), signal);
}

cacheContract("etcd", () =>
  Promise.resolve({
    store,
    disturbances: [
      () => etcd.restart(),
      compactNow,
      async () => {
        await compactNow();
        await etcd.restart();
      },
    ],
  }),
);
