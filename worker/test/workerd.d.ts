/**
 * Tests run in Node and are typed by Node; this is what the worker knows beyond it.
 *
 * The types of workerd cannot stand beside Node's: both declare `URL`, `ReadableStream` and more.
 */

declare interface Env {}

declare const IdentityTransformStream: { new (): TransformStream<Uint8Array, Uint8Array> };

declare type TextDecoder = InstanceType<typeof globalThis.TextDecoder>;

declare type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
