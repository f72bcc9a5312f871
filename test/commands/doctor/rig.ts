import { createAccess } from "../../../src/access/access.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { diagnose } from "../../../src/commands/doctor/diagnose.ts";
import type { Diagnosis, Finding, Section } from "../../../src/commands/doctor/finding.ts";
import { report } from "../../../src/commands/doctor/report.ts";
import { Timeline } from "../../../src/commands/doctor/timeline.ts";
import { openCatalog } from "../../../src/devices/catalog.ts";
import type { HostDirectory, ResolvedHost } from "../../../src/inventory/host.ts";
import { createMultiplexer } from "../../../src/multiplexer/multiplexer.ts";
import type { ReadSecret } from "../../../src/secrets/reference.ts";
import { createTransport } from "../../../src/ssh/transport.ts";

export interface Examined {
  readonly diagnosis: Diagnosis;
  readonly text: string;
  /** `verdict what` of every step, hop by hop. */
  readonly steps: readonly string[];
  /** The one step that failed. */
  readonly failed: Finding | undefined;
}

/** A directory of one host. */
export function directoryOf(host: ResolvedHost): HostDirectory {
  return {
    settings: { maxSessions: 10 },
    resolve: async () => host,
    list: async () => ({ hosts: [], notes: [] }),
    dispose() {},
  };
}

/** Runs the doctor on a host, or on a name in a directory, with the one secret there is, or a way to read secrets. */
export async function examine(
  host: ResolvedHost | { readonly directory: HostDirectory; readonly name: string },
  secret: string | ReadSecret = "",
  found?: (sections: readonly Section[]) => void,
): Promise<Examined> {
  const timeline = new Timeline(systemClock);
  const readSecret = typeof secret === "string" ? async () => ({ reveal: () => secret }) : secret;
  const transport = createTransport({
    secrets: { read: readSecret, redact: (text) => text },
    env: {},
    trace: timeline.trace,
  });
  const catalog = openCatalog();
  const { directory, name } = "directory" in host ? host : { directory: directoryOf(host), name: host.name };
  const multiplexer = createMultiplexer({ directory, transport, readSecret, catalog });
  try {
    const diagnosis = await diagnose({
      name,
      directory,
      multiplexer,
      access: createAccess({ directory }),
      catalog,
      timeline,
      clock: systemClock,
      readSecret,
      ...(found === undefined ? {} : { found }),
    });
    const findings = diagnosis.sections.flatMap((section) => section.findings);
    return {
      diagnosis,
      text: report(name, diagnosis),
      steps: findings.map(({ verdict, what }) => `${verdict} ${what}`),
      failed: findings.find(({ verdict }) => verdict === "fail"),
    };
  } finally {
    await multiplexer.dispose();
  }
}
