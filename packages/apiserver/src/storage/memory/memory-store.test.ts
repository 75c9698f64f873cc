import { after } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { storeContract } from "../testing/store-contract.ts";
import { MemoryStore } from "./memory-store.ts";

const clock = new FakeClock();
const store = new MemoryStore({ clock });

storeContract("memory", () => Promise.resolve({ store, elapse: (ms) => clock.advance(ms) }));

after(() => store[Symbol.asyncDispose]());
