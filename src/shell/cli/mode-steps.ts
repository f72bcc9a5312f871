import { SshMcpError } from "../../base/errors.ts";
import { nearest } from "../../base/text.ts";
import type { Device, DeviceMode } from "../../devices/device.ts";

/** One change of mode. `mode` is the one that is entered or left. */
export interface ModeStep {
  readonly way: "enter" | "leave";
  readonly mode: DeviceMode;
}

/** The steps from one mode of a profile to another. @throws SshMcpError `invalid_argument` naming the modes there are. */
export function pathBetween(device: Device, from: string, to: string): ModeStep[] {
  const known = modesOf(device);
  if (!known.includes(to)) {
    throw new SshMcpError(
      "invalid_argument",
      `${device.id} has no mode "${to}"; its modes: ${nearest(to, known).join(", ") || "none"}`,
      "Leave mode out to stay where the session is.",
    );
  }
  const up = chain(device, from);
  const down = chain(device, to);
  const common = up.find((mode) => down.includes(mode));
  if (common === undefined) {
    throw new SshMcpError(
      "invalid_argument",
      `the profile ${device.id} has no steps from mode ${from} to mode ${to}`,
      "Change the mode with a command of the device.",
    );
  }
  return [
    ...steps(device, up.slice(0, up.indexOf(common)), "leave"),
    ...steps(device, down.slice(0, down.indexOf(common)).reverse(), "enter"),
  ];
}

/**
 * Said behind an error: the mode the session is left in, and how it is left. Undefined in the mode of the login, in one that
 * the profile does not know, and in one of more rights, where one works.
 */
export function stillIn(device: Device, mode: string, login: string | undefined): string | undefined {
  const at = mode === login || login === undefined ? undefined : device.modes.get(mode);
  if (at === undefined || at.enter.secret !== undefined) return undefined;
  return `still in mode ${mode}; mode: ${at.from} leaves it`;
}

/** Modes a caller can name. */
export function modesOf(device: Device): string[] {
  const modes = [...device.modes.values()];
  return [...new Set([...modes.map((mode) => mode.from), ...modes.map((mode) => mode.name)])];
}

/** A mode and those it is entered from, innermost first. */
function chain(device: Device, mode: string): string[] {
  const modes = [mode];
  for (let at = device.modes.get(mode)?.from; at !== undefined; at = device.modes.get(at)?.from) {
    if (modes.includes(at)) break;
    modes.push(at);
  }
  return modes;
}

function steps(device: Device, names: readonly string[], way: ModeStep["way"]): ModeStep[] {
  return names.flatMap((name) => {
    const mode = device.modes.get(name);
    return mode === undefined ? [] : [{ way, mode }];
  });
}
