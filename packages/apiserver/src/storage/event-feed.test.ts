import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EventFeed } from "./event-feed.ts";
import { FeedSet } from "./feed-set.ts";
import type { Revision, StoreEvent } from "./store.ts";

/** A stream of changes that goes as far as the test says. */
class Stream {
  revision: Revision;
  readonly feeds = new FeedSet();

  constructor(revision: Revision) {
    this.revision = revision;
  }

  feed(prefix: string, after = this.revision): EventFeed {
    const feed = new EventFeed(prefix, after, this, {
      wanted: (wanting) => this.feeds.want(wanting),
      ended: (ended) => this.feeds.delete(ended),
    });
    this.feeds.add(feed);
    return feed;
  }

  advance(...events: StoreEvent[]): void {
    const revision = events.at(-1)?.revision ?? this.revision;
    this.feeds.dispatch(events, revision);
    this.revision = revision;
  }
}

function put(key: string, revision: number): StoreEvent {
  return { type: "put", key, revision: BigInt(revision), bytes: Buffer.alloc(0), created: true };
}

describe("EventFeed", () => {
  it("advances with the stream while it is idle, and not past what is unprocessed", async () => {
    const stream = new Stream(10n);
    const feed = stream.feed("/a/");
    assert.equal(feed.revision, 10n);
    const first = feed.next();
    stream.advance(put("/b/x", 11), put("/b/y", 12));
    assert.equal(feed.revision, 12n);
    stream.advance(put("/a/x", 13));
    stream.advance(put("/b/x", 14));
    assert.equal(feed.revision, 12n);
    assert.equal((await first).value?.revision, 13n);
    assert.equal(feed.revision, 12n);
    void feed.next();
    assert.equal(feed.revision, 14n);
  });

  it("gives overlapping prefixes each their events", async () => {
    const stream = new Stream(1n);
    const feeds = ["/a/", "/a/b/", "/", "/c/"].map((prefix) => stream.feed(prefix));
    stream.advance(put("/a/x", 2), put("/a/b/y", 3), put("/d", 4));
    stream.advance(put("/a/b/z", 5));
    for (const feed of feeds) feed.fail(new Error("the end"));
    const seen = await Promise.all(
      feeds.map(async (feed) => {
        const revisions: bigint[] = [];
        const read = async () => {
          for await (const { events } of feed) revisions.push(...events.map((event) => event.revision));
        };
        await assert.rejects(read(), /the end/);
        return revisions;
      }),
    );
    assert.deepEqual(seen, [[2n, 3n, 5n], [3n, 5n], [2n, 3n, 4n, 5n], []]);
    assert.equal(stream.feeds.size, 0);
    assert.throws(() => stream.feed("/a"), /slash/);
  });

  it("never goes back when it moves to a stream that is behind, and takes nothing twice", async () => {
    const behind = new Stream(20n);
    const main = new Stream(20n);
    const feed = behind.feed("/a/");
    const first = feed.next();
    behind.advance(put("/a/x", 22));
    await first;
    const second = feed.next();
    behind.advance(put("/b/x", 25));
    assert.equal(feed.revision, 25n);
    behind.feeds.delete(feed);
    feed.moveTo(main);
    main.feeds.add(feed);
    assert.equal(feed.revision, 25n);
    main.advance(put("/a/x", 22));
    main.advance(put("/b/x", 25));
    main.advance(put("/a/y", 26));
    assert.deepEqual(
      (await second).value?.events.map((event) => event.revision),
      [26n],
    );
  });

  it("reports progress once it is there, together with events if there are any", async () => {
    const stream = new Stream(1n);
    const feed = stream.feed("/a/");
    const first = feed.next();
    feed.requestProgress(3n);
    stream.advance(put("/b/x", 2));
    stream.advance(put("/b/x", 3));
    assert.deepEqual((await first).value, { events: [], revision: 3n });
    const second = feed.next();
    feed.requestProgress(4n);
    stream.advance(put("/a/x", 4));
    assert.equal((await second).value?.events.length, 1);
    const third = feed.next();
    stream.advance(put("/b/x", 5));
    stream.advance(put("/a/x", 6));
    assert.equal((await third).value?.revision, 6n, "progress that nobody asked for");
  });

  it("hands out what is queued before it fails, and fails when too much is queued", async () => {
    const stream = new Stream(0n);
    const feed = stream.feed("/a/");
    const events = Array.from({ length: 60_000 }, (_, index) => put("/a/x", index + 1));
    stream.advance(...events);
    stream.advance(...events.map((event) => ({ ...event, revision: event.revision + 60_000n })));
    assert.equal((await feed.next()).value?.events.length, 60_000);
    await assert.rejects(feed.next(), { code: "compacted" });
    assert.equal(stream.feeds.size, 0);
  });
});
