import { after } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { storeContract } from "../testing/store-contract.ts";
import { MemoryStore } from "./memory-store.ts";

const clock = new FakeClock();
const store = new MemoryStore({ clock });

storeContract("memory", () =>
  Promise.resolve({
    store,
    elapse: (ms) => clock.advance(ms),
    setFull: (full) => {
      store.full = full;
      return Promise.resolve();
    },
  }),
);

after(() => store[Symbol.asyncDispose]());
