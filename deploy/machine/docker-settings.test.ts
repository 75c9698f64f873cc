import assert from "node:assert/strict";
import { test } from "node:test";
import { dockerSettings } from "./docker-settings.ts";

test("an engine without settings gets them", () => {
  for (const text of [undefined, "", "{}"]) {
    const settings = JSON.parse(dockerSettings(text)) as Record<string, unknown>;
    assert.equal(settings["live-restore"], true);
    assert.equal(settings["bridge"], "none");
    assert.deepEqual(settings["log-opts"], { "max-file": "3", "max-size": "10m" });
  }
});

test("what somebody has set stays, and a second time changes nothing", () => {
  const own = '{"log-driver": "journald", "iptables": true, "registry-mirrors": ["https://mirror.example"]}';
  const text = dockerSettings(own);
  const settings = JSON.parse(text) as Record<string, unknown>;
  assert.deepEqual(settings["registry-mirrors"], ["https://mirror.example"]);
  assert.equal(settings["log-driver"], "journald");
  assert.equal("log-opts" in settings, false);
  assert.equal(settings["iptables"], false);
  assert.equal(dockerSettings(text), text);
});

test("a file that cannot be read is not overwritten", () => {
  assert.throws(() => dockerSettings("{"), /daemon.json is no JSON/);
  assert.throws(() => dockerSettings("[]"), /no JSON object/);
});
