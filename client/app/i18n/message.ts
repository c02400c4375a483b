/**
 * How a text of a catalogue becomes a sentence. A text is a string with `{placeholders}`, or one string for each
 * plural form of the language, chosen by `count`.
 */

/** The forms of a text that depends on a number; which of them exist is up to the language. */
export type Plural = { readonly [Form in Intl.LDMLPluralRule]?: string } & { readonly other: string };
export type Message = string | Plural;
export type Values = Readonly<Record<string, string | number>>;

type PlaceholdersIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersIn<Rest>
  : never;

/** The names of the placeholders in a message, from its literal type. */
export type Placeholders<M extends Message> = M extends string
  ? PlaceholdersIn<M>
  : M extends Plural
    ? PlaceholdersIn<M['other']>
    : never;

/** Writes messages in one language. */
export interface Formatter {
  format(message: Message, values: Values): string;
}

/** @param language a BCP 47 tag, which decides about plural forms and how numbers are written */
export function createFormatter(language: string): Formatter {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const write = (value: string | number): string =>
    typeof value === 'number' ? numbers.format(value) : value;

  return {
    format(message, values) {
      const count = values['count'];
      const text =
        typeof message === 'string'
          ? message
          : ((typeof count === 'number' ? message[plurals.select(count)] : undefined) ?? message.other);
      return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
        const value = values[name];
        return value === undefined ? placeholder : write(value);
      });
    },
  };
}
