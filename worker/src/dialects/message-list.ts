import type { JsonDocument } from "../edits/json-document.ts";
import { elements, isArray, isObject, type Span } from "../edits/json-walk.ts";
import { ApiError } from "../errors.ts";

/** The value of `messages` that counts, which has to be a list with a message in it. */
export function checkedMessages(document: JsonDocument, list: Span | undefined): Span {
  if (list === undefined)
    throw invalidMessages("`messages` is missing. Send the conversation in it.");
  if (!isArray(document, list.start)) throw invalidMessages("`messages` has to be an array.");
  for (const { start } of elements(document, list.start))
    if (isObject(document, start)) return list;
  throw invalidMessages("`messages` holds no message. Send at least one.");
}

function invalidMessages(message: string): ApiError {
  return new ApiError("invalid_request", message, { param: "messages" });
}
