import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AuditLog, openAuditLog } from "../../src/audit/log.ts";
import { type FakeDesk, fakeDesk, outcomeOf, type Scripted } from "../tools/fake.ts";
import { entriesOf } from "./entries.ts";

let folder: string;
let path: string;
let audit: AuditLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-redaction-"));
  path = join(folder, "audit.jsonl");
  audit = openAuditLog(path, () => 0);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program has the terminal. */
const running: Scripted = {
  transcript: "",
  commands: [],
  outcome: outcomeOf({ state: "running", evidence: "timeout" }),
  facts: { state: "running", command: 7, row: "" },
};

const type = (desk: FakeDesk, text: string) => desk.call("ssh_send", { session: "web1", text, enter: true });

/** A terminal whose output grows by `shown` when it is typed into. */
function answering(shown: string): { desk: FakeDesk } {
  let output = "";
  const desk: FakeDesk = fakeDesk(
    {
      ...running,
      echo: "unknown",
      view: {
        get end() {
          return output.length;
        },
        text: async (from, to) => ({
          lines: output.slice(from, to).split("\r\n"),
          prunedBytes: 0,
          bytes: to - from,
          approximate: false,
        }),
      },
    },
    {
      audit,
      multiplexer: {
        async send() {
          output += shown;
          return { session: desk.view, outcome: running.outcome };
        },
      },
    },
  );
  return { desk };
}

describe("what is typed to a program", () => {
  it("is kept out of the log where the terminal does not show it, though nothing looks like a question", async () => {
    const desk = fakeDesk({ ...running, echo: "off" }, { audit });
    await type(desk, "hunter2");
    expect(await readFile(path, "utf8")).not.toContain("hunter2");
    expect((await entriesOf(path))[0]).toMatchObject({ event: "action", kind: "text", text: "[secret]" });
  });

  it("is recorded where the terminal shows it", async () => {
    await type(fakeDesk({ ...running, echo: "on" }, { audit }), "yes please");
    expect((await entriesOf(path))[0]).toMatchObject({ text: "yes please" });
  });

  it.each(["[sudo] password for jo: ", "Enter PIN: ", "Verification code: "])(
    "is kept out at the row %j, whatever the terminal says",
    async (row) => {
      const desk = fakeDesk({ ...running, echo: "on", facts: { state: "running", row } }, { audit });
      await type(desk, "hunter2");
      expect(await readFile(path, "utf8")).not.toContain("hunter2");
    },
  );

  it("is counted, not recorded, where the terminal cannot be asked and shows nothing of it", async () => {
    await type(answering("\r\nwelcome\r\n").desk, "hunter2");
    expect(await readFile(path, "utf8")).not.toContain("hunter2");
    const events = await entriesOf(path);
    expect(events.map(({ event }) => event)).toEqual(["action", "outcome"]);
    expect(events[0]).toMatchObject({ text: "[unrecorded, 7 chars]" });
  });

  it("is added to the log by an event of its own once the far side has shown it", async () => {
    await type(answering("set x 1\r\n").desk, "set x 1");
    const events = await entriesOf(path);
    expect(events.map(({ event }) => event)).toEqual(["action", "outcome", "echoed"]);
    expect(events[0]).toMatchObject({ text: "[unrecorded, 7 chars]" });
    expect(events[2]).toMatchObject({ tool: "ssh_send", session: "web1", text: "set x 1" });
  });

  it("is not taken for shown because it stands in what the program answers", async () => {
    await type(answering("\r\nLast login by root\r\n").desk, "root");
    expect((await entriesOf(path)).map(({ event }) => event)).toEqual(["action", "outcome"]);
  });

  it("is recognised over several lines", async () => {
    await type(answering("begin\r\nend\r\nanswer\r\n").desk, "begin\nend");
    expect((await entriesOf(path))[2]).toMatchObject({ event: "echoed", text: "begin\nend" });
  });

  it.each([
    ["text", { text: "admin\nS3cret-7", enter: true }, "admin\n[unrecorded, 8 chars]"],
    ["keys", { keys: "admin<Enter>S3cret-7<CR>" }, "admin<Enter>[unrecorded, 8 chars]<CR>"],
    [
      "keys that enter otherwise",
      { keys: "admin<C-j>S3cret-7<C-o>" },
      "admin<C-j>[unrecorded, 8 chars]<C-o>",
    ],
  ])("is judged line by line, a name and a password in one call too: %s", async (_how, typed, text) => {
    for (const state of ["running", "prompt", "asking"]) {
      const asked = state === "asking" ? { asked: "login" } : {};
      const desk = fakeDesk(
        { ...running, echo: "on", facts: { state, ...asked, row: "login: " } },
        { audit },
      );
      await desk.call("ssh_send", { session: "web1", ...typed });
      const [action] = (await entriesOf(path)).slice(-2);
      expect(action).toMatchObject({ event: "action", text });
    }
    expect(await readFile(path, "utf8")).not.toContain("S3cret");
  });

  it("is added line by line, as far as the far side has shown it", async () => {
    const { desk } = answering("login: admin\r\nPassword: \r\nadmin$ id\r\nuid=0 S3cret-7\r\n");
    await desk.call("ssh_send", { session: "web1", text: "id\nS3cret-7\nid", enter: true });
    const events = await entriesOf(path);
    expect(events[0]).toMatchObject({
      text: "[unrecorded, 2 chars]\n[unrecorded, 8 chars]\n[unrecorded, 2 chars]",
    });
    expect(events[2]).toMatchObject({
      event: "echoed",
      text: "[unrecorded, 2 chars]\n[unrecorded, 8 chars]\nid",
    });
  });

  it("is nothing to be shown where only keys were typed", async () => {
    const { desk } = answering("anything");
    await desk.call("ssh_send", { session: "web1", keys: "<Up><Enter>" });
    expect((await entriesOf(path)).map(({ event }) => event)).toEqual(["action", "outcome"]);
  });

  it("is recorded as it is at a prompt, where nobody has to be asked", async () => {
    const desk = fakeDesk({ ...running, echo: "off", facts: { state: "prompt" } }, { audit });
    await type(desk, "ls");
    expect((await entriesOf(path))[0]).toMatchObject({ text: "ls" });
  });

  it("is never asked about for an interrupt, which stands in the log by its name", async () => {
    let asked = 0;
    const desk = fakeDesk(
      {
        ...running,
        view: {
          echo: async () => {
            asked++;
            return "off";
          },
        },
      },
      { audit },
    );
    await desk.call("ssh_send", { session: "web1", keys: "<C-c>" });
    expect(asked).toBe(0);
    expect((await entriesOf(path))[0]).toMatchObject({ verb: "interrupt", kind: "keys", text: "<C-c>" });
  });
});
