import { describe, expect, it } from "vitest";
import { assertSecret, secretLine } from "../../src/multiplexer/secret-line.ts";
import { aHost } from "../a-host.ts";

const of = (name: string, program: string) => ({ ref: { from: "env", name } as const, program });
const HOST = aHost({
  name: "db1",
  secrets: {
    pg: of("PG", "psql"),
    path: of("PATH_PG", "/usr/bin/psql"),
    own: of("OWN", "/opt/pg/psql"),
    sudo: of("SUDO", "sudo"),
  },
});
const PSQL = ["psql"];
const reading = (value: string) => async () => ({ reveal: () => value });

describe("a secret as the one line a command reads", () => {
  it("is the value and a newline, whatever else is in it", async () => {
    for (const name of ["pg", "path"]) {
      const line = await secretLine(HOST, { name, programs: PSQL }, reading(" pä'\\$`\" "));
      expect(line.toString("utf8")).toBe(" pä'\\$`\" \n");
    }
  });

  it("is refused where it would be more than a line", async () => {
    for (const value of ["one\ntwo", "one\r", "one\0"])
      await expect(secretLine(HOST, { name: "pg", programs: PSQL }, reading(value))).rejects.toThrow(
        /the secret pg has more than one line/,
      );
  });

  it("goes to the program it is for, and to no other of that name elsewhere", () => {
    expect(() => assertSecret(HOST, undefined)).not.toThrow();
    expect(() => assertSecret(HOST, { name: "own", programs: PSQL })).toThrow(/is for \/opt\/pg\/psql/);
    expect(() => assertSecret(HOST, { name: "sudo", programs: PSQL })).toThrow(
      /is for sudo, and is given to nothing else/,
    );
    for (const name of ["none", "constructor", "__proto__"])
      expect(() => assertSecret(HOST, { name, programs: PSQL })).toThrow(/names no secret/);
    expect(() => assertSecret(aHost({ name: "x" }), { name: "pg", programs: PSQL })).toThrow(
      /names no secret pg for x/,
    );
  });
});
