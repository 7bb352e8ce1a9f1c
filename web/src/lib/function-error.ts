/** What one of our Edge Functions answered instead of doing as it was asked. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
  readonly code: string;
  readonly requestId: string | null;

  constructor(code: string, message: string, requestId: string | null) {
    super(message);
    this.code = code;
    this.requestId = requestId;
  }
}
