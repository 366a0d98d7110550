/** Versions of the REST API; `v3` is the path without a minor version. */
export type ApiVersion = "v3.4" | "v3.3" | "v3.2" | "v3.1" | "v3.0" | "v3";

/** What a path of the REST API asks for. */
export type ApiResource =
  | { readonly version: ApiVersion; readonly endpoint: "events" }
  | { readonly version: ApiVersion; readonly endpoint: "account"; readonly accountId: number };

const EVENTS_PATH = /^\/api\/(?:(v3\.4)\/events\/entity_scoring|(v3(?:\.[0-3])?)\/events\/account_scoring)$/;
const ACCOUNT_PATH = /^\/api\/(v3(?:\.[0-4])?)\/accounts\/(\d{1,15})$/;

/** Recognizes a path of any version; v3.4 has other names than the versions before it. */
export function apiResource(path: string): ApiResource | undefined {
  const events = EVENTS_PATH.exec(path);
  if (events !== null) {
    return { version: (events[1] ?? events[2]) as ApiVersion, endpoint: "events" };
  }
  const account = ACCOUNT_PATH.exec(path);
  if (account !== null) {
    return { version: account[1] as ApiVersion, endpoint: "account", accountId: Number(account[2]) };
  }
  return undefined;
}
