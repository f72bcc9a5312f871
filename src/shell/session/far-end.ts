import type { Clock } from "../../base/clock.ts";
import { patternOf } from "../../base/pattern.ts";
import type { Catalog } from "../../devices/catalog.ts";
import { deviceNames } from "../../devices/named.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { OpenedPty } from "../../ssh/contract.ts";
import { detector } from "../cli/detector.ts";
import type { DeviceFacts } from "../cli/device-facts.ts";
import { DeviceFraming } from "../cli/device-framing.ts";
import { deviceOf, GENERIC } from "../cli/platform.ts";
import type { Platform, Refuses } from "../cli/prepare.ts";
import { ShellFraming } from "../posix/shell-framing.ts";
import type { MakeFraming } from "../pty/framing.ts";

/** What a session knows beside its host. */
interface Known {
  readonly catalog?: Catalog | undefined;
  readonly refuses?: Refuses | undefined;
}

/**
 * The framing a session begins with: a network CLI by its profile, or a shell until its prompt shows that it is none.
 * @throws SshMcpError `inventory_invalid`, `invalid_argument` for a prompt_regex that is no RE2 pattern.
 */
export async function framingOf(
  host: ResolvedHost,
  { catalog, refuses }: Known,
  { info: link, login }: Pick<OpenedPty, "info" | "login">,
  clock: Clock,
): Promise<MakeFraming> {
  const platform = catalog && (await givenPlatform(host, catalog));
  if (platform) {
    login?.over();
    return (port) => new DeviceFraming(port, { host, link, clock, platform, refuses });
  }
  const pattern =
    host.promptRegex === undefined ? undefined : patternOf(host.promptRegex, { multiline: true });
  const names = catalog && host.platform === "auto" ? await deviceNames(catalog) : undefined;
  const said = link.banner.split("\n");
  const namesDevice =
    names &&
    ((rows: readonly string[]) =>
      names.ident(link.ident) || [...said, ...rows].some((row) => names.banner(row.trimEnd())));
  return (port) =>
    new ShellFraming(port, {
      platform: catalog && host.platform !== "auto" ? "posix" : host.platform,
      ident: link.ident,
      promptPattern: pattern && ((row: string) => pattern.find(row) !== undefined),
      namesDevice,
      menu: names && ((row) => names.menu(row)),
      // An open platform has a device's limits only where a session has shown one.
      shownDevice: host.platform === "auto" && host.limits.exact === true,
      names: [host.user, host.name, host.address],
      login,
      clock,
      secrets: host.secrets,
      device:
        catalog &&
        ((seenPrompt, { claimed, menu } = {}) =>
          menu === undefined
            ? unknownDevice(host, catalog, { link, clock, seenPrompt, claimed, refuses })
            : shownDevice(host, menu, catalog, { link, clock, refuses })),
    });
}

/** The device profile the inventory names; undefined: a shell, or nobody knows yet. */
async function givenPlatform(host: ResolvedHost, catalog: Catalog): Promise<Platform | undefined> {
  if (host.platform === "posix") return undefined;
  // A prompt without a platform is the older inventory's way to say: a command line with this prompt.
  const id =
    host.platform === "auto" ? (host.promptRegex === undefined ? undefined : GENERIC) : host.platform;
  if (id === undefined) return undefined;
  const device = await deviceOf(host, id, catalog);
  return device.profile.framing === "sentinel" ? undefined : { device, reason: undefined };
}

/** No Unix shell after all: its profile is found by ident, banner, prompt and at most one command. */
async function unknownDevice(
  host: ResolvedHost,
  catalog: Catalog,
  facts: Omit<DeviceFacts, "host" | "platform">,
): Promise<MakeFraming> {
  const device = await deviceOf(host, GENERIC, catalog);
  const platform: Platform = { device, reason: undefined, detect: detector(host, catalog) };
  return (port) => new DeviceFraming(port, { host, platform, ...facts });
}

/** A device that its banner names and that begins with a menu: its profile's own row. */
async function shownDevice(
  host: ResolvedHost,
  id: string,
  catalog: Catalog,
  facts: Omit<DeviceFacts, "host" | "platform">,
): Promise<MakeFraming> {
  const device = await deviceOf(host, id, catalog);
  const platform: Platform = { device, reason: `platform ${id}: its banner and its menu are that device's` };
  return (port) => new DeviceFraming(port, { host, platform, ...facts });
}
