import type { z } from "zod";

import { ApiError } from "../errors.ts";
import type { RequestBody } from "../middleware/body-limit.ts";

/** A body in the form its route expects, or a refusal that names the field at fault. */
export async function readJson<T extends z.ZodType>(
  body: RequestBody,
  schema: T,
): Promise<z.output<T>> {
  const parsed = schema.safeParse(parse(await body.bytes()));
  if (parsed.success) return parsed.data;

  const [issue] = parsed.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const field = unknown ?? issue?.path.join(".") ?? "";
  if (unknown !== undefined) throw refused(`${field} is not a field of this request.`, field);
  if (field === "") throw refused("The body is not a JSON object. Send one.");
  throw refused(`${field}: ${issue?.message}.`, field);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes),
    ) as unknown;
  } catch {
    throw refused("The body is not valid JSON.");
  }
}

const refused = (message: string, param?: string) =>
  new ApiError("invalid_request", message, param === undefined ? {} : { param });
