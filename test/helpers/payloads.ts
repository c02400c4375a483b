/** Payloads made of the contract's schemas: such that fit, such that nearly do, and junk. */
import fc from 'fast-check';
import { z } from 'zod';
import { junk, mostly } from './fuzz.ts';

/** What of JSON Schema the contract's schemas come to: https://json-schema.org/draft/2020-12 */
interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** Longer lists and texts take time and find nothing more. */
const MAX_ITEMS = 4;
const MAX_TEXT = 80;

/** Stands for something that exists when the payload is sent, such as a participant's id: the n-th of what is known. */
const KNOWN = /^known:(\d+)$/;
const known = fc.nat(30).map((n) => `known:${n}`);

/** @param special strings that make sense in a field, by its name; others are found in all fields alike */
export function payloadsOf(
  schema: z.ZodType,
  special: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<unknown> {
  const fitting = of(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema, '', special);
  return mostly(mostly(fitting, nearly(fitting)), junk);
}

/** Ids that exist, by the names of the fields that they were found in; those of all kinds are under `id`. */
export type KnownIds = ReadonlyMap<string, readonly string[]>;

/** The payload with what it names by `known:` put in. */
export function withKnown(payload: unknown, ids: KnownIds, field = 'id'): unknown {
  if (typeof payload === 'string') {
    const [, n] = KNOWN.exec(payload) ?? [];
    const fitting = ids.get(field.replace(/s$/, '')) ?? ids.get('id') ?? [];
    return n === undefined ? payload : (fitting[Number(n) % fitting.length] ?? 'nobody');
  }
  if (Array.isArray(payload)) return payload.map((item: unknown) => withKnown(item, ids, field));
  if (typeof payload !== 'object' || payload === null) return payload;
  return Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, withKnown(value, ids, key)]));
}

function of(
  schema: Schema,
  field: string,
  special: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => of(choice, field, special)));
  switch (schema.type) {
    case 'object': {
      const model = Object.entries(schema.properties ?? {}).map(
        ([key, value]) => [key, of(value, key, special)] as const,
      );
      return fc.record(Object.fromEntries(model), { requiredKeys: schema.required ?? [] });
    }
    case 'array':
      return fc.array(of(schema.items ?? {}, field, special), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? MAX_ITEMS, MAX_ITEMS)),
      });
    case 'string': {
      const minLength = schema.minLength ?? 0;
      const text = fc.string({
        minLength,
        maxLength: Math.max(minLength, Math.min(schema.maxLength ?? MAX_TEXT, MAX_TEXT)),
      });
      const usual = special[field];
      return usual ? mostly(fc.constantFrom(...usual), text) : fc.oneof(known, text);
    }
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? -10, -1e9),
        max: Math.min(schema.maximum ?? 1e6, 1e9),
      });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1e9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return junk;
  }
}

/** With something in it replaced, added or left out. */
function nearly(fitting: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(fitting, fc.nat(20), fc.constantFrom('replace', 'add', 'omit'), junk)
    .map(([payload, place, change, value]) => changed(payload, { place, change, value }));
}

function changed(payload: unknown, mutation: { place: number; change: string; value: unknown }): unknown {
  if (typeof payload !== 'object' || payload === null) return mutation.value;
  const entries: [string, unknown][] = Object.entries(payload);
  const at = mutation.place % (entries.length + 1);
  const entry = entries[at];
  if (!entry || mutation.change === 'add') return { ...payload, unknown: mutation.value };
  const [key, inner] = entry;
  const others = entries.filter(([other]) => other !== key);
  if (mutation.change === 'omit') return Object.fromEntries(others);
  const isDeep = typeof inner === 'object' && inner !== null && mutation.place > 10;
  const replacement = isDeep ? changed(inner, { ...mutation, place: mutation.place - 7 }) : mutation.value;
  if (Array.isArray(payload))
    return payload.map((item: unknown, index) => (index === at ? replacement : item));
  return Object.fromEntries([...others, [key, replacement]]);
}
