import assert from "node:assert/strict";
import { test } from "node:test";
import { unitText } from "./unit-text.ts";

test("sections, flags and lists as systemd reads them", () => {
  const text = unitText({
    Unit: { Description: "A daemon", After: ["a.service", "b.service"] },
    Service: {
      ExecStart: ["", "/usr/bin/a $FLAGS"],
      PrivateTmp: true,
      ProtectClock: false,
      TasksMax: 12,
      Environment: "",
    },
  });
  assert.equal(
    text,
    `[Unit]
Description=A daemon
After=a.service
After=b.service

[Service]
ExecStart=
ExecStart=/usr/bin/a $FLAGS
PrivateTmp=yes
ProtectClock=no
TasksMax=12
Environment=
`,
  );
});

test("a value cannot become another directive", () => {
  assert.throws(() => unitText({ Service: { Description: "x\nExecStart=/bin/sh" } }), /several lines: Description=x/);
});
