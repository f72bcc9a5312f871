import { SshMcpError } from "../../base/errors.ts";
import type { Catalog } from "../../devices/catalog.ts";
import { compileDevice, type Device } from "../../devices/device.ts";
import { mergeProfiles } from "../../devices/merge.ts";
import { type Profile, profileSchema } from "../../devices/profile.ts";
import type { ResolvedHost } from "../../inventory/host.ts";

/** The profile that learns its prompt. */
export const GENERIC = "generic_cli";

/** A host's profile with what the inventory says of this host alone. @throws SshMcpError `inventory_invalid`. */
export async function deviceOf(host: ResolvedHost, id: string, catalog: Catalog): Promise<Device> {
  const profile = catalog.profile(id);
  const { device: fields, promptRegex } = host;
  if (fields === undefined && promptRegex === undefined) return catalog.device(id);
  const overridden = fields === undefined ? profile : mergeProfiles(profile, ownFields(host, profile));
  const device = await compileDevice(
    promptRegex === undefined ? overridden : { ...overridden, learn: false },
  );
  return promptRegex === undefined ? device : withPrompt(device, promptRegex);
}

function ownFields(host: ResolvedHost, profile: Profile): Profile {
  const parsed = profileSchema.safeParse({ ...host.device, id: profile.id, name: profile.name });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SshMcpError(
    "inventory_invalid",
    `host ${host.name}, ${["device", ...(issue?.path ?? [])].join(".")}: ${issue?.message ?? "invalid"}`,
    "The fields under `device` are those of a profile: docs/profiles.md.",
  );
}

/** The older inventory's `prompt_regex`: a prompt of the host's own, to the end of its row, beside those of the profile. */
async function withPrompt(device: Device, regex: string): Promise<Device> {
  const { id, name } = device.profile;
  const own = await compileDevice(
    { id, name, prompts: [{ mode: "exec", match: `(?:${regex})$` }] },
    () => "prompt_regex",
  );
  // A pattern may end in the blank behind the prompt, which a row on the screen does not show.
  const prompt = (row: string) => device.prompt(row) ?? own.prompt(row) ?? own.prompt(`${row} `);
  return { ...device, prompt };
}
