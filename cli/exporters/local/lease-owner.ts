import { randomUUID } from "node:crypto";
import { hostname } from "node:os";

/** A name for one run of this process, by which another one can find out whether it is still at work. */
export function newLeaseOwner(): string {
  return `${hostname()}/${process.pid}/${randomUUID()}`;
}

/**
 * Whether a run has certainly ended without giving its lease back: its process, on this machine, is gone. A run of
 * another machine, or of a process id that is in use again, counts as alive; its lease ends by itself.
 */
export function hasDied(owner: string): boolean {
  const [, host, pid] = /^(.+)\/(\d+)\/[0-9a-f-]{36}$/.exec(owner) ?? [];
  return host === hostname() && !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only asks.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, and it is somebody else's.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
