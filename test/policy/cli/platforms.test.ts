import { describe, expect, it } from "vitest";
import { builtinGrammars } from "../../../src/devices/builtin.ts";
import { openCatalog } from "../../../src/devices/catalog.ts";
import { judgeCli, stateAt } from "../../../src/policy/cli/judge.ts";
import { grammarOf, openGrammars } from "../../../src/policy/cli/library.ts";
import { passes, riskOf } from "./collections.ts";

const catalog = openCatalog();

/** Where another word than `show version` shows it, and where another than `reboot` and `reload` restarts. */
const SHOWS: Readonly<Record<string, string>> = {
  mikrotik_routeros: "/system resource print",
  huawei_vrp: "display version",
  hp_comware: "display version",
  huawei_smartax: "display version",
  fortinet_fortios: "get system status",
  paloalto_panos: "show system info",
  cisco_wlc: "show sysinfo",
  f5_tmsh: "show sys version",
  ciena_saos: "software show",
  openwrt: "cat /etc/openwrt_release",
  pfsense: "uname -a",
  bird: "show status",
};
const RESTARTS: Readonly<Record<string, string>> = {
  mikrotik_routeros: "/system reboot",
  juniper_junos: "request system reboot",
  fortinet_fortios: "execute reboot",
  paloalto_panos: "request restart system",
  nokia_sros: "admin reboot now",
  nokia_srlinux: "tools platform chassis reboot",
  cisco_wlc: "reset system",
  bird: "down",
  ciena_saos: "chassis reboot",
  sophos_sfos: "system restart",
  cisco_viptela: "reboot now",
};

describe("every platform", () => {
  it("names a grammar that exists", () => {
    const known = openGrammars(builtinGrammars()).ids();
    for (const id of catalog.ids())
      expect([id, known.includes(catalog.profile(id).grammar ?? "")]).toEqual([id, true]);
  });

  it.each(catalog.ids())("%s: showing its version only reads, restarting it asks", (id) => {
    expect(riskOf(id, SHOWS[id] ?? "show version")).toBe("read");
    for (const line of RESTARTS[id] === undefined ? ["reload", "reboot"] : [RESTARTS[id]])
      expect([line, passes(riskOf(id, line))]).toEqual([line, false]);
  });

  it("is prepared by lines that only read", () => {
    const changes = catalog.ids().flatMap((id) =>
      (catalog.profile(id).open ?? []).flatMap(({ send, modes = [] }) => {
        const grammar = grammarOf(id);
        const state = stateAt(grammar, modes.includes("shell") ? "shell" : undefined);
        if (state.opaque !== undefined) return [];
        const { risk } = judgeCli(send, grammar, state);
        return passes(risk) ? [] : [`${id}: ${send}: ${risk}`];
      }),
    );
    expect(changes).toEqual([]);
  });

  it("has a state for each mode of its prompts", () => {
    for (const id of catalog.ids()) {
      const grammar = grammarOf(id);
      for (const { mode } of catalog.profile(id).prompts ?? []) {
        const state = stateAt(grammar, mode);
        expect([id, mode, grammar.modes.has(state.mode)]).toEqual([id, mode, true]);
        if (mode === "shell" && grammar.id !== "shell")
          expect([id, state.opaque === undefined]).toEqual([id, false]);
      }
    }
  });
});
