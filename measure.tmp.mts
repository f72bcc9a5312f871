import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { grammarOf } from "/tmp/wt/cli/src/policy/cli/library.ts";
import { judgeCli, stateAt } from "/tmp/wt/cli/src/policy/cli/judge.ts";
const dir = process.argv[2];
let D=0,M=0,B=0,F=0; const times:number[]=[];
for (const f of readdirSync(dir).filter(f=>f.endsWith(".yaml")).sort()) {
  const c = parse(readFileSync(`${dir}/${f}`,"utf8")); const g = grammarOf(c.platform);
  let d=0,m=0,b=0,fa=0;
  for (const [k,ts] of Object.entries(c.destructive??{})) for (const t of ts as string[]) { const s=performance.now(); const j=judgeCli(t,g,stateAt(g)); times.push(performance.now()-s); d++; if (j.risk==="read"||j.risk==="write") { m++; console.log(`MISS ${c.platform} ${k}: ${JSON.stringify(t)} -> ${j.findings.map(x=>x.risk+":"+x.meaning).join(" ; ")}`);} }
  for (const [k,ts] of Object.entries(c.benign??{})) for (const t of ts as string[]) { const s=performance.now(); const j=judgeCli(t,g,stateAt(g)); times.push(performance.now()-s); b++; if (!(j.risk==="read"||j.risk==="write")) { fa++; console.log(`FALSE ${c.platform} ${k}: ${JSON.stringify(t)} -> ${j.findings.filter(x=>x.risk!=="read"&&x.risk!=="write").map(x=>`${x.risk}:${x.meaning} (${x.why})`).join(" ; ")}`);} }
  console.log(`== ${c.platform} recall ${d-m}/${d} ${(100*(d-m)/d).toFixed(1)} false ${fa}/${b} ${(100*fa/b).toFixed(1)}`); D+=d;M+=m;B+=b;F+=fa;
}
times.sort((a,b)=>a-b);
console.log(`TOTAL recall ${D-M}/${D} ${(100*(D-M)/D).toFixed(1)}% false ${F}/${B} ${(100*F/B).toFixed(1)}% p50 ${times[times.length>>1].toFixed(3)} p99 ${times[Math.floor(times.length*.99)].toFixed(3)} max ${times.at(-1)!.toFixed(2)}`);
