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
  return compileDevice(promptRegex === undefined ? overridden : withPrompt(overridden, promptRegex));
}

function ownFields(host: ResolvedHost, profile: Profile): Profile {
  const parsed = profileSchema.safeParse({ ...host.device, id: profile.id, name: profile.name });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SshMcpError(
    "inventory_invalid",
    `host ${host.name}, device.${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`,
    "The fields under `device` are those of a profile: docs/profiles.md.",
  );
}

/** The older inventory's `prompt_regex`: a prompt of the host's own, asked first. */
function withPrompt(profile: Profile, match: string): Profile {
  const mode = profile.prompts?.at(-1)?.mode ?? "exec";
  return { ...profile, learn: false, prompts: [{ mode, match }, ...(profile.prompts ?? [])] };
}
