import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import type { ApiCredentials } from "../../../functions/security-lake-exporter/vectra/client.js";

const clientFile = z.object({
  client_id: z.string().check(z.minLength(1)),
  client_secret: z.string().check(z.minLength(1)),
});

const FILE_FORM = '{"client_id": "...", "client_secret": "..."}';

/**
 * The tenant's API client: from a file with the contents of the deployed exporter's secret, or from VECTRA_CLIENT_ID and
 * VECTRA_CLIENT_SECRET. There is no option for the secret itself: other users see command lines, and shells store them.
 *
 * @param path the file. @default - the two variables
 * @throws Error saying what is missing, never with any part of the secret.
 */
export async function readClientCredentials(
  path: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ApiCredentials> {
  if (path !== undefined) {
    return await readClientFile(path);
  }
  const { VECTRA_CLIENT_ID: clientId = "", VECTRA_CLIENT_SECRET: clientSecret = "" } = environment;
  if (clientId === "" || clientSecret === "") {
    throw new Error(
      "The tenant's API client is missing: set VECTRA_CLIENT_ID and VECTRA_CLIENT_SECRET, or pass --client with a file that " +
        `contains ${FILE_FORM}.`,
    );
  }
  return { clientId, clientSecret };
}

async function readClientFile(path: string): Promise<ApiCredentials> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(`--client: the file ${path} cannot be read (${reason}).`);
  }
  const parsed = z.safeParse(clientFile, parse(text));
  if (!parsed.success) {
    throw new Error(`--client: the file ${path} does not contain ${FILE_FORM}.`);
  }
  return { clientId: parsed.data.client_id, clientSecret: parsed.data.client_secret };
}

/** JSON.parse quotes its input in its message, which must not happen to a secret. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
