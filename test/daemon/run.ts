// npm run kills:daemon [-- FRONTS [DAEMONS [SEED]]]: fronts and daemons killed under load at random; 50 and 20 where nothing is said.

import { type Kills, killDaemons, killFronts } from "./kills.ts";
import { World } from "./kit.ts";

const [fronts = 50, daemons = 20, seed = 1] = process.argv.slice(2).map(Number);
let failed = 0;

async function run(what: string, work: (world: World) => Promise<Kills>): Promise<void> {
  const world = new World();
  const began = performance.now();
  try {
    const { wrong, ran, given, told } = await work(world);
    failed += wrong.length;
    for (const line of wrong) process.stdout.write(`${line}\n`);
    process.stdout.write(
      `${what}: ${given} commands given, ${ran} ran once, ${told} named as lost, ${wrong.length} wrong, ${Math.round((performance.now() - began) / 1000)} s\n`,
    );
  } finally {
    await world.dispose();
  }
}

await run(`${fronts} fronts killed`, (world) => killFronts(world, fronts, seed));
await run(`${daemons} daemons killed`, (world) => killDaemons(world, daemons, seed));
process.exit(failed === 0 ? 0 : 1);
