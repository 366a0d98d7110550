import { hostname } from "node:os";

/** This process, as the owner of its leases and unfinished files: another process can find out whether it is still running. */
export function processName(): string {
  return `${hostname()}/${process.pid}`;
}

/**
 * Whether a run has certainly ended without releasing its lease: its process, on this machine, is gone. A run of
 * another machine, or of a process id that is in use again, counts as alive; its lease expires.
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
    // EPERM: it exists, and belongs to another user.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
