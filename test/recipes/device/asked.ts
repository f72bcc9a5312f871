import { type Answer, answerOf } from "../../../src/recipes/device/answer.ts";
import type { JobName } from "../../../src/recipes/device/jobs.ts";
import { deviceQueries } from "../../../src/recipes/device/queries.ts";

/** What a platform's file makes of an output of that command. */
export function read(platform: string, job: JobName, command: string, output: string): Answer {
  const way = deviceQueries()
    .get(platform)
    ?.[job]?.find((one) => one.command === command);
  if (way === undefined) throw new Error(`${platform} is not asked for ${job} by ${command}`);
  return answerOf(way, output.split("\n"));
}

/** The records alone, where every row was understood. */
export function records(platform: string, job: JobName, command: string, output: string): unknown {
  const answer = read(platform, job, command, output);
  return answer.is === "records" && answer.unread.length === 0 ? answer.records : answer;
}
