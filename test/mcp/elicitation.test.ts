import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type ScriptedServer, startScripted } from "../ssh/scripted.ts";
import { initialize, start, type Wire } from "./wire.ts";

const TERMS = "Accept the terms (yes/no)? ";

describe("a question at login that is no secret", () => {
  let server: ScriptedServer;
  let home: string;
  let wire: Wire;
  let answers: string[] = [];
  afterEach(async () => {
    wire.child.stdin.end();
    await wire.ended;
    await server.stop();
    rmSync(home, { recursive: true });
    answers = [];
  });

  const connect = async (capabilities: object) => {
    server = await startScripted({
      login: (context) => {
        if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
        context.prompt([{ prompt: TERMS, echo: true }], ([answer = ""]) => {
          answers.push(answer);
          if (answer === "yes") context.accept();
          else context.reject();
        });
      },
      refusesShell: true,
    });
    home = mkdtempSync(join(tmpdir(), "ssh-mcp-elicit-"));
    mkdirSync(join(home, ".ssh"), { mode: 0o700 });
    writeFileSync(join(home, ".ssh/known_hosts"), readFileSync(server.host.hostKey.files[0] ?? ""));
    const auth = "{method: password, otp_env: CODE}";
    const host = `gw: {host: 127.0.0.1, port: ${server.host.port}, user: jo, auth: ${auth}}`;
    writeFileSync(join(home, "hosts.yaml"), `hosts:\n  ${host}\n`, { mode: 0o600 });
    const command = [process.execPath, "dist/cli.js", "--config", join(home, "hosts.yaml")];
    wire = start(command, { HOME: home, CODE: "1", SSH_AUTH_SOCK: "" });
    wire.send({ ...initialize, params: { ...initialize.params, capabilities } });
    await wire.answer(1);
    wire.send({ method: "notifications/initialized" });
    wire.send({ id: 2, method: "tools/call", params: { name: "ssh_connect", arguments: { host: "gw" } } });
  };
  const question = async () => {
    await wire.untilLine(/"elicitation\/create"/);
    const line = wire.lines.find((one) => one.includes('"elicitation/create"')) ?? "{}";
    const message: { id?: unknown; params?: { message?: string; requestedSchema?: unknown } } =
      JSON.parse(line);
    return message;
  };
  const text = async () => JSON.stringify(await wire.answer(2));

  it("goes to the client as a form, and the answer to the server", async () => {
    await connect({ elicitation: {} });
    const { id, params } = await question();
    expect(params?.message).toMatch(
      /^gw .* asks at the login of user "jo": Accept the terms \(yes\/no\)\?\n\n.*Do not enter a password/,
    );
    expect(params?.requestedSchema).toMatchObject({
      properties: { answer: { type: "string" } },
      required: ["answer"],
    });
    wire.send({ id, result: { action: "accept", content: { answer: "yes" } } });
    expect(await text()).toMatch(/channel_refused|refused a terminal/);
    expect(answers).toEqual(["yes"]);
  });

  it.each(["decline", "cancel"])("is answered with nothing on %s, and the login ends", async (action) => {
    await connect({ elicitation: { form: {} } });
    const { id } = await question();
    wire.send({ id, result: { action } });
    expect(await text()).toMatch(/auth_failed.*Accept the terms.*nor did the person who was asked/);
    expect(answers).toEqual([]);
  });

  it.each([{}, { elicitation: { url: {} } }])(
    "goes to nobody whose client shows no forms: %j",
    async (capabilities) => {
      await connect(capabilities);
      expect(await text()).toMatch(/auth_failed.*Accept the terms.*login_answers/);
      expect(wire.lines.join("\n")).not.toContain("elicitation/create");
      expect(answers).toEqual([]);
    },
  );
});
