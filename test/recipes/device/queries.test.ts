import { describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/devices/catalog.ts";
import { JOB_NAMES, jobs } from "../../../src/recipes/device/jobs.ts";
import { deviceQueries, type Way } from "../../../src/recipes/device/queries.ts";

const catalog = openCatalog();
const ways = [...deviceQueries()].flatMap(([platform, queries]) =>
  JOB_NAMES.flatMap((job) => (queries[job] ?? []).map((way) => ({ platform, job, way }))),
);

/** Fields that a way can give. */
function fieldsOf({ rows, json, join }: Way): string[] {
  const named = [rows?.begins, rows?.adds, rows?.fills, rows?.carries].flatMap((some = []) =>
    some.flatMap((source) => [...source.matchAll(/\(\?P<(\w+)>/g)].map(([, name = ""]) => name)),
  );
  return [...named, ...Object.keys(json?.fields ?? {})].filter((name) => name !== join?.from);
}

describe("what devices are asked", () => {
  it("is known for platforms that have a profile", () => {
    const known = catalog.ids();
    expect([...deviceQueries().keys()].filter((id) => !known.includes(id))).toEqual([]);
  });

  it("gives fields that are shown, and nothing else", () => {
    const hidden = ways.flatMap(({ platform, job, way }) =>
      fieldsOf(way)
        .filter((name) => !jobs[job].fields.includes(name))
        .map((name) => `${platform} ${job} ${name}`),
    );
    expect(hidden).toEqual([]);
  });

  it("only shows, by its words", () => {
    const commands = ways.map(({ way }) => way.command);
    expect(
      commands.filter(
        (command) => !/^(?:show|display) [\w{}|. -]+$|^\/[\w -]*(?:print|export)[\w -]*$/.test(command),
      ),
    ).toEqual([]);
  });

  it("is typed in modes that the platform's profile can enter", () => {
    const unknown = ways.filter(
      ({ platform, way }) =>
        way.mode !== undefined && catalog.profile(platform).modes?.[way.mode] === undefined,
    );
    expect(unknown).toEqual([]);
  });
});
