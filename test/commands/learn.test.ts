import { afterEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { systemClock } from "../../src/base/clock.ts";
import { draftOf } from "../../src/commands/devices/draft.ts";
import { type Leave, lookAtDevice, type Seen } from "../../src/commands/devices/look.ts";
import { openCatalog } from "../../src/devices/catalog.ts";
import { createMultiplexer } from "../../src/multiplexer/multiplexer.ts";
import { createTransport } from "../../src/ssh/transport.ts";
import { type ScriptedServer, startScripted } from "../ssh/scripted.ts";
import { directoryOf } from "./doctor/rig.ts";

const servers: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const MORE = "-- More -- <space> next page, <q> quit";

/** A device that no profile knows: terminal queries at login, a pager, a question. All bytes that reach it are kept. */
async function look(lines: readonly string[], leave: Partial<Leave> = {}, prompt = "[7] Hall-9(ro)=>") {
  let bytes = "";
  const server = await startScripted({
    ident: "GateSwitch_2.1",
    shell(channel) {
      let line = "";
      let onKey: ((key: string) => void) | undefined;
      channel.write(`\u001b[6nGate Switch firmware 2.1\r\n\r\n${prompt} `);
      channel.on("data", (chunk: Buffer) => {
        bytes += chunk.toString("latin1");
        for (const key of chunk.toString("latin1")) {
          if (onKey) onKey(key);
          else if (key !== "\r") {
            line += key;
            channel.write(key);
          } else {
            const entered = line;
            line = "";
            if (entered === "list all") {
              channel.write(`\r\nrow 1\r\n${MORE}`);
              onKey = () => {
                onKey = undefined;
                channel.write(`\r${" ".repeat(MORE.length)}\rrow 2\r\n${prompt} `);
              };
            } else if (entered === "wipe") channel.write("\r\nReally wipe everything? (y/n) ");
            else channel.write(`\r\n${entered === "bogus" ? "% Invalid word\r\n" : ""}${prompt} `);
          }
        }
      });
    },
  });
  servers.push(server);
  const secret = async () => ({ reveal: () => "" });
  const transport = createTransport({ secrets: { read: secret, redact: (text) => text }, env: {} });
  const directory = directoryOf(server.host);
  const multiplexer = createMultiplexer({ directory, transport, readSecret: secret, catalog: openCatalog() });
  const rest = [...lines];
  try {
    const seen = await lookAtDevice(server.host.name, {
      multiplexer,
      access: createAccess({ directory }),
      clock: systemClock,
      answerMs: 3000,
      leave: {
        line: async () => rest.shift(),
        prompt: async () => false,
        page: async () => false,
        ...leave,
      },
    });
    return { seen, bytes };
  } finally {
    await multiplexer.dispose();
  }
}

describe("ssh-mcp devices learn", () => {
  it("types nothing where no line is given, not even an answer to the terminal's questions", async () => {
    const { seen, bytes } = await look([]);
    expect(bytes).toBe("");
    expect(seen).toMatchObject({ prompts: ["[7] Hall-9(ro)=>"], typed: [] });
    expect(seen.banner).toContain("Gate Switch firmware 2.1");
  });

  it("types the lines that are given and Space at pagers where that is allowed, and not a byte more", async () => {
    const { seen, bytes } = await look(["list all", "bogus"], { page: async () => true });
    expect(bytes).toBe("list all\r bogus\r");
    expect(seen.pagers).toEqual([MORE]);
    expect(seen.typed.map(({ line }) => line)).toEqual(["list all", "bogus"]);
    expect(seen.typed[0]?.rows).toEqual(["row 1", "row 2"]);
    expect(seen.stopped).toBeUndefined();
  }, 30_000);

  it("sends no key at a pager without leave, and none at a question", async () => {
    const paged = await look(["list all", "bogus"]);
    expect(paged.bytes).toBe("list all\r");
    expect(paged.seen).toMatchObject({ pagers: [MORE], stopped: expect.stringContaining("has not ended") });
    const asked = await look(["wipe", "bogus"]);
    expect(asked.bytes).toBe("wipe\r");
    expect(asked.seen.questions).toEqual(["Really wipe everything? (y/n)"]);
  }, 40_000);

  it("uses a row that nothing knows where it is said to be the prompt", async () => {
    const odd = "this is the row at which lines are taken ::";
    expect((await look(["bogus"], {}, odd)).bytes).toBe("");
    const { bytes, seen } = await look(["bogus", "list"], { prompt: async () => true }, odd);
    expect(bytes).toBe("bogus\rlist\r");
    expect(seen.prompts[0]).toBe(odd);
  }, 60_000);
});

describe("The draft of a profile", () => {
  const seen: Seen = {
    banner: ["Gate Switch firmware 2.1", ""],
    prompts: ["[7] Hall-9(ro)=>", "[7] Hall-9(config)=>", "noc@Hall-9#"],
    pagers: [MORE],
    questions: ["Really wipe everything? (y/n)"],
    typed: [{ line: "bogus", rows: ["% Invalid word 'bogus'"] }],
  };

  it("knows what was seen, the hostname left open", async () => {
    const { yaml, faults } = await draftOf("gate", seen, "SSH-2.0-GateSwitch_2.1");
    expect(faults).toEqual([]);
    expect(yaml).toContain("ssh_ident: ['^SSH-2\\.0-GateSwitch']");
    expect(yaml).toContain("banner: ['^\\s*Gate Switch firmware \\d+\\.\\d+']");
    expect(yaml).toContain("{ mode: config, match: '^\\[\\d+\\] (?P<host>[\\w.\\-]{1,63})\\(config\\)=>$' }");
    expect(yaml).toContain("{ mode: enable, match: '^[\\w.\\-]+@(?P<host>[\\w.\\-]{1,63})#$' }");
    expect(yaml).toContain("kind: unconfirmed");
  });

  it("is a profile that the program takes", async () => {
    const { mkdtemp, rm, writeFile } = await import("node:fs/promises");
    const { tmpdir } = await import("node:os");
    const { join } = await import("node:path");
    const dir = await mkdtemp(join(tmpdir(), "ssh-mcp-draft-"));
    try {
      const { yaml } = await draftOf("gate", seen, undefined);
      await writeFile(join(dir, "gate.yaml"), yaml);
      const device = await openCatalog({ dir }).device("gate");
      expect(device.prompt("[8] Roof-2(ro)=>")).toMatchObject({ host: "Roof-2", mode: "exec" });
      expect(device.pager(MORE)).toMatchObject({ key: " " });
      expect(device.question("Really wipe everything? (y/n)")).toMatchObject({ risk: "high" });
      expect(device.message("% Invalid word 'bogus'")).toMatchObject({ is: "error" });
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
