import { rigFor } from "../test/real/rig.ts"; import { hostOf, targetOf } from "./target.ts";
import { startSshd } from "../test/real/kit/sshd.ts"; import { acquireTestUsers } from "../test/real/kit/users.ts";
import { openRaw } from "./peers/raw-ssh2.ts"; import { prompt } from "./peers/peer.ts";
const keep=setInterval(()=>{},1000);
const users = await acquireTestUsers(); const server = await startSshd(process.argv[2] ? {config:[process.argv[2]]}: {});
for (const sh of ["bash","dash"]) { const target = targetOf(server, sh); const host = hostOf(target);
for (let i=0;i<6;i++) { const rig = rigFor([host]); let t=performance.now(); const s = await rig.open(host.name); const a=performance.now()-t; const out=s.first.outcome; const r = await s.run("echo $0 $$ hi"); 
 await rig.close(); t=performance.now(); const p=await openRaw(target); const r1=performance.now()-t; await prompt(p); const r2=performance.now()-t; await p.close(); console.log(sh,"ours",a.toFixed(1),out.state,s.view().framing,JSON.stringify(r.text),"raw shell open",r1.toFixed(1),"prompt",r2.toFixed(1)); } }
await server.stop(); await users.release(); process.exit(0);
