export type Pipe = {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
};

/**
 * A stream that hands on exactly what is written, each write waiting for its reader.
 *
 * workerd's own identity stream moves bytes outside JavaScript; elsewhere a plain transform does
 * the same.
 */
export function createPipe(): Pipe {
  return typeof IdentityTransformStream === "function"
    ? new IdentityTransformStream()
    : new TransformStream<Uint8Array, Uint8Array>();
}
