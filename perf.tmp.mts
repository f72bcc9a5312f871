import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { grammarOf } from "/tmp/wt/cli/src/policy/cli/library.ts";
import { judgeCli, stateAt } from "/tmp/wt/cli/src/policy/cli/judge.ts";
const dir = "test/policy/collections"; const all: any[] = [];
for (const f of readdirSync(dir).filter(f=>f.endsWith(".yaml"))) { const c=parse(readFileSync(`${dir}/${f}`,"utf8")); const g=grammarOf(c.platform); for (const s of ["destructive","benign"]) for (const ts of Object.values(c[s])) for (const t of ts as string[]) all.push([t,g]); }
for (let r=0;r<4;r++) { const times:any[]=[]; for (const [t,g] of all) { const s=performance.now(); judgeCli(t,g,stateAt(g)); times.push([performance.now()-s,g.id,t]); } times.sort((a,b)=>a[0]-b[0]); console.log("p50",times[times.length>>1][0].toFixed(3),"p99",times[Math.floor(times.length*.99)][0].toFixed(3), "max", JSON.stringify(times.slice(-3))); }
