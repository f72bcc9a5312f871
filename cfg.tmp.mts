import { readFileSync } from "node:fs";
import { execSync } from "node:child_process";
import { grammarOf } from "/tmp/wt/cli/src/policy/cli/library.ts";
import { judgeCli, stateAt } from "/tmp/wt/cli/src/policy/cli/judge.ts";
const o="/work/shared/corpus/oxidized/";
const repo="--git-dir=/work/.mirror/napalm-automation+napalm/repo";
const list=execSync(`git ${repo} ls-tree -r --name-only HEAD`,{maxBuffer:1e8}).toString().split("\n");
const src: [string,string][]=[];
for (const [p,re] of [["cisco_ios",/test\/ios\/.*(running.config|initial\.conf|new_good)/],["arista_eos",/test\/eos\/.*(running.config|initial\.conf|new_good)/],["cisco_nxos",/test\/nxos\/.*(running.config|initial\.conf|new_good)/],["cisco_iosxr",/test\/iosxr\w*\/.*(running|initial\.conf|new_good)/]] as const) for (const f of list.filter(f=>re.test(f)&&/\.(txt|text|conf)$/.test(f))) src.push([p,execSync(`git ${repo} show HEAD:${f}`,{maxBuffer:1e8}).toString()]);
for (const [p,f] of [["cisco_ios","ios_C9200L-24P-4G_17.09.04a"],["cisco_ios","ios_asr920_16.8.1b"],["cisco_nxos","nxos_C93180YC-FX3J_10.4.5"],["cisco_asa","asa_5512_9.12-4-67_single-context"],["aruba_aoscx","aoscx_6300M-48G-4SFP56_10.13.1101"],["aruba_aoscx","aoscx_R0X25A-6410_FL.10.10.1100"],["ubiquiti_edgeswitch","efos_BES-53248_3.12.0.1"],["mellanox_onyx","mlnxos_Onyx_3.9.2504"],["netgate_tnsr","tnsr_TNSR_25.02-2_long-config-and-pager-at-last-line"],["aruba_os","aosw_Aruba7210_8.10.0.7"],["tplink_jetstream","tplink_DS-P7001-08_1.0.0"]] as const) src.push([p,readFileSync(`${o}${f}_output.txt`,"utf8")]);
const counts=new Map<string,number>(); let n=0; const asks=new Map<string,number>();let a=0;
for (const [p,t] of src) { const g=grammarOf(p); for (const raw of t.split(/\r?\n/)) { const l=raw.trim(); if(!/^[a-z][\w-]*/.test(l)||/^(no|banner|aaa|username|enable|password|line)\b/.test(l)) continue; const j=judgeCli(l,g,{...stateAt(g,"config"),path:[]}); n++; const w=l.split(/\s+/); const bad=j.findings.find(x=>x.why==="this command is not known"); if(bad){const k=`${p} ${w[0]}`;counts.set(k,(counts.get(k)??0)+1);} else if(j.risk!=="read"&&j.risk!=="write"){a++;const k=`${p} ${w.slice(0,3).join(" ")} [${j.findings[0]?.why.slice(0,30)}]`;asks.set(k,(asks.get(k)??0)+1);} } }
console.log(n,"lines; unknown", [...counts.values()].reduce((x,y)=>x+y,0), "asks",a); console.log([...counts].sort((x,y)=>y[1]-x[1]).slice(0,160).map(([k,v])=>`${k}:${v}`).join(", ")); console.log("ASKS",[...asks].sort((x,y)=>y[1]-x[1]).slice(0,90).map(([k,v])=>`${k}:${v}`).join("\n"));
