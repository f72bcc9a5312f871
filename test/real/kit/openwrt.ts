import { join } from "node:path";
import { startDropbear } from "./dropbear.ts";
import type { TestServer } from "./server.ts";
import { addTestUser, STATE, type TestUser } from "./users.ts";

/** BusyBox ash behind dropbear, greeting and prompt as OpenWrt has them. */
export interface OpenWrtLike {
  readonly server: TestServer;
  readonly user: TestUser;
  stop(): Promise<void>;
}

const BANNER = `
  _______                     ________        __
 |       |.-----.-----.-----.|  |  |  |.----.|  |_
 |_______||   __|_____|__|__||________||__|  |____|
          |__| W I R E L E S S   F R E E D O M
 -----------------------------------------------------
 OpenWrt 23.05.5, r24106-10cc5fcd00
 -----------------------------------------------------
`;

const PROFILE = `cat <<'BANNER'${BANNER}BANNER
export PS1='\\u@OpenWrt:\\w\\$ '
`;

/**
 * Dropbear lets in only shells of /etc/shells, so the account's own is bash and dropbear runs ash in its place: as login
 * shell, or for the command of an exec request.
 */
export async function startOpenWrtLike(): Promise<OpenWrtLike> {
  const user = await addTestUser({ shell: "/bin/bash", files: { ".profile": PROFILE } });
  const ash = join(STATE, "bin", "ash");
  const forced = `[ -n "$SSH_ORIGINAL_COMMAND" ] && exec ${ash} -c "$SSH_ORIGINAL_COMMAND"; exec ${ash} -l`;
  const server = await startDropbear({ args: ["-c", forced] });
  return {
    server,
    user,
    async stop() {
      await server.stop();
      await user.remove();
    },
  };
}
